-- A profile for every user that has none yet.
INSERT INTO user_service.user_profiles (user_id, bio, country)
SELECT id, 'A test profile of ' || first_name, 'NZ' FROM user_service.users
ON CONFLICT (user_id) DO NOTHING;
