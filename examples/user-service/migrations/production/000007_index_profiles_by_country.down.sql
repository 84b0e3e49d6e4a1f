DROP INDEX CONCURRENTLY IF EXISTS user_service.idx_user_profiles_country;
