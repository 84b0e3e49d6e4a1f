-- Migration: Keep updated_at current
-- Version: 008
-- Description: A trigger function and its triggers for every discovery table that has the column

CREATE FUNCTION touch_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := NOW();
    RETURN NEW;
END
$$;

CREATE TRIGGER touch_users BEFORE UPDATE ON users
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER touch_user_preferences BEFORE UPDATE ON user_preferences
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER touch_user_availability BEFORE UPDATE ON user_availability
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE TRIGGER touch_ranking_configurations BEFORE UPDATE ON ranking_configurations
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
