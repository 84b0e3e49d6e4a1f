-- updated_at follows every change; the directory shows users with profile and roles.
CREATE FUNCTION user_service.touch_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := CURRENT_TIMESTAMP;
    RETURN NEW;
END
$$;

CREATE TRIGGER touch_users BEFORE UPDATE ON user_service.users
    FOR EACH ROW EXECUTE FUNCTION user_service.touch_updated_at();
CREATE TRIGGER touch_user_profiles BEFORE UPDATE ON user_service.user_profiles
    FOR EACH ROW EXECUTE FUNCTION user_service.touch_updated_at();
CREATE TRIGGER touch_user_preferences BEFORE UPDATE ON user_service.user_preferences
    FOR EACH ROW EXECUTE FUNCTION user_service.touch_updated_at();

CREATE VIEW user_service.user_directory AS
SELECT u.id,
       u.last_name || ', ' || u.first_name AS name,
       p.country,
       p.avatar_url,
       array(SELECT r.role FROM user_service.user_roles r WHERE r.user_id = u.id ORDER BY r.role) AS roles
FROM user_service.users u
LEFT JOIN user_service.user_profiles p ON p.user_id = u.id;
