DELETE FROM user_service.users WHERE email = 'smoke@staging.example';
