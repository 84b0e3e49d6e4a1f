-- Migration: Create view of discoverable users
-- Version: 009
-- Description: Users who are available and whose profile is visible

CREATE VIEW discoverable_users AS
SELECT u.id,
       u.username,
       u.display_name,
       a.available_until
FROM users u
JOIN user_availability a ON a.user_id = u.id
LEFT JOIN user_preferences p ON p.user_id = u.id
WHERE a.status = 'available'
  AND (a.available_until IS NULL OR a.available_until > NOW())
  AND COALESCE((p.privacy_settings ->> 'profile_visible')::boolean, TRUE);
