CREATE TYPE notification_channel AS ENUM ('email', 'sms', 'webhook', 'alert');

CREATE TABLE notification_templates (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id UUID NOT NULL REFERENCES tenants(id) ON DELETE CASCADE,
    name VARCHAR(100) NOT NULL,
    channel notification_channel NOT NULL,
    subject VARCHAR(200),
    body TEXT NOT NULL,
    UNIQUE (tenant_id, name, channel)
);

CREATE TABLE notifications (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id UUID NOT NULL,
    user_id UUID NOT NULL,
    template_id UUID REFERENCES notification_templates(id) ON DELETE SET NULL,
    channel notification_channel NOT NULL,
    payload JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
    sent_at TIMESTAMP WITH TIME ZONE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users(tenant_id, id) ON DELETE CASCADE
);

CREATE INDEX idx_notifications_user ON notifications(tenant_id, user_id, created_at DESC);
CREATE INDEX idx_notifications_template_id ON notifications(template_id);
