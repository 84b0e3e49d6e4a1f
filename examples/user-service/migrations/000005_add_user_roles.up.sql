-- Who may do what. The member role needs no row.
CREATE TYPE user_service.user_role AS ENUM ('support', 'editor', 'administrator');

CREATE TABLE user_service.user_roles (
    user_id INTEGER NOT NULL REFERENCES user_service.users(id) ON DELETE CASCADE,
    role user_service.user_role NOT NULL,
    granted_by INTEGER REFERENCES user_service.users(id) ON DELETE SET NULL,
    granted_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (user_id, role)
);

CREATE INDEX idx_user_roles_granted_by ON user_service.user_roles(granted_by);
