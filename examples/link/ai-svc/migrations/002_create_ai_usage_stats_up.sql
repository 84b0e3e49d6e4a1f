-- Migration: Create AI usage statistics
-- Version: 002
-- Description: Tokens per user, day and model, counted as responses arrive

CREATE TABLE ai_usage_stats (
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    day DATE NOT NULL,
    model VARCHAR(100) NOT NULL,
    responses INTEGER NOT NULL DEFAULT 0,
    prompt_tokens BIGINT NOT NULL DEFAULT 0,
    completion_tokens BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, day, model)
);

CREATE FUNCTION count_ai_usage() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ai_usage_stats AS s (user_id, day, model, responses, prompt_tokens, completion_tokens)
    SELECT c.user_id, (NEW.created_at AT TIME ZONE 'UTC')::date, r.model, 1, NEW.prompt_tokens, NEW.completion_tokens
    FROM ai_requests r
    JOIN ai_conversations c ON c.id = r.conversation_id
    WHERE r.id = NEW.request_id
    ON CONFLICT (user_id, day, model) DO UPDATE
    SET responses = s.responses + 1,
        prompt_tokens = s.prompt_tokens + EXCLUDED.prompt_tokens,
        completion_tokens = s.completion_tokens + EXCLUDED.completion_tokens;
    RETURN NULL;
END
$$;

CREATE TRIGGER count_ai_usage AFTER INSERT ON ai_responses
    FOR EACH ROW EXECUTE FUNCTION count_ai_usage();
