-- One user, so that the smoke tests can log in.
INSERT INTO user_service.users (email, first_name, last_name) VALUES
    ('smoke@staging.example', 'Smoke', 'Test');
