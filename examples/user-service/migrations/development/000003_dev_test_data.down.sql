-- Profiles go with their users.
DELETE FROM user_service.users WHERE email IN ('ada@dev.example', 'ben@dev.example', 'cleo@dev.example');
