-- The monthly statistics read all profiles by country. Built while the table is in use.
CREATE INDEX CONCURRENTLY idx_user_profiles_country ON user_service.user_profiles(country) WHERE country IS NOT NULL;
