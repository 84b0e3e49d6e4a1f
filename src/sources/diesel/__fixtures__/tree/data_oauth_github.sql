-- data_oauth_github.sql
select 1;
