/* 😀 */ INSERT INTO "été" VALUES ('😀'); SELECT 1;
SELECT '❌'; UPDATE t SET a = 'é'