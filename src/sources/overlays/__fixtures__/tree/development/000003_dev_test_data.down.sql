-- development/000003_dev_test_data.down.sql
select 1;
