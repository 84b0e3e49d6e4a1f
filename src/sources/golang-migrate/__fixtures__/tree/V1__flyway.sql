-- V1__flyway.sql
select 1;
