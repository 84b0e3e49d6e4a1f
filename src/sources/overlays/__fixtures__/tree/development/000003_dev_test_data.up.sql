-- development/000003_dev_test_data.up.sql
select 1;
