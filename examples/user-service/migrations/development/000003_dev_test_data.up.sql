-- Users to try things with. Their addresses can never belong to anybody.
INSERT INTO user_service.users (email, first_name, last_name) VALUES
    ('ada@dev.example', 'Ada', 'Adams'),
    ('ben@dev.example', 'Ben', 'Brown'),
    ('cleo@dev.example', 'Cleo', 'Clark');

INSERT INTO user_service.user_profiles (user_id, bio, country)
SELECT id, 'A test user called ' || first_name, 'NZ'
FROM user_service.users
WHERE email LIKE '%@dev.example';
