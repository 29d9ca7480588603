-- +goose Up
-- Times are Unix milliseconds, dates are 2006-01-02, booleans are 0 or 1,
-- absent is NULL. A column that ends in _key holds the folded form of another
-- and exists for searching and sorting only. Text compares bytewise, as in the
-- other dialect.

CREATE TABLE company (
    id                    BIGINT PRIMARY KEY CHECK (id = 1),
    name                  TEXT COLLATE "C" NOT NULL,
    domain                TEXT COLLATE "C",
    plan                  TEXT COLLATE "C" NOT NULL,
    terms_accepted_at     BIGINT,
    time_zone             TEXT COLLATE "C" NOT NULL,
    agent_enabled         BIGINT NOT NULL,
    manual_upload_enabled BIGINT NOT NULL,
    demo                  BIGINT NOT NULL,
    created_at            BIGINT NOT NULL,
    updated_at            BIGINT NOT NULL
);

-- Random bytes of this database: they sign cursors and sessions.
CREATE TABLE secrets (
    name  TEXT COLLATE "C" PRIMARY KEY,
    value BYTEA NOT NULL
);

-- The next number of each kind of record. A number is never given twice.
CREATE TABLE counters (
    name TEXT COLLATE "C" PRIMARY KEY,
    next BIGINT NOT NULL
);

CREATE TABLE users (
    id              BIGINT PRIMARY KEY,
    entry_id        TEXT COLLATE "C" NOT NULL,
    email           TEXT COLLATE "C" NOT NULL,
    email_key       TEXT COLLATE "C" NOT NULL,
    first_name      TEXT COLLATE "C",
    first_key       TEXT COLLATE "C",
    last_name       TEXT COLLATE "C",
    last_key        TEXT COLLATE "C",
    name_key        TEXT COLLATE "C",
    job_title       TEXT COLLATE "C",
    avatar_url      TEXT COLLATE "C",
    terms_agreed_at BIGINT,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX users_by_email ON users (email_key);
CREATE INDEX users_by_created ON users (created_at, id);
CREATE INDEX users_by_updated ON users (updated_at, id);

CREATE TABLE user_roles (
    user_id BIGINT NOT NULL REFERENCES users (id),
    role    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (user_id, role)
);
CREATE INDEX user_roles_by_role ON user_roles (role, user_id);

CREATE TABLE personnel (
    id                 BIGINT PRIMARY KEY,
    user_id            BIGINT NOT NULL REFERENCES users (id),
    employment_status  TEXT COLLATE "C" NOT NULL,
    not_human_reason   TEXT COLLATE "C",
    reason_provider_id BIGINT REFERENCES users (id),
    start_date         TEXT COLLATE "C",
    separation_date    TEXT COLLATE "C",
    status_updated_at  BIGINT,
    created_at         BIGINT NOT NULL,
    updated_at         BIGINT NOT NULL
);
CREATE UNIQUE INDEX personnel_by_user ON personnel (user_id);
CREATE INDEX personnel_by_status ON personnel (employment_status);

-- A field of a personnel record that a person set by hand.
CREATE TABLE pins (
    personnel_id BIGINT NOT NULL REFERENCES personnel (id),
    field        TEXT COLLATE "C" NOT NULL,
    actor        TEXT COLLATE "C" NOT NULL,
    reason       TEXT COLLATE "C",
    at           BIGINT NOT NULL,
    PRIMARY KEY (personnel_id, field)
);

CREATE TABLE checks (
    personnel_id    BIGINT NOT NULL REFERENCES personnel (id),
    type            TEXT COLLATE "C" NOT NULL,
    status          TEXT COLLATE "C" NOT NULL,
    completion_date BIGINT,
    expires_at      BIGINT,
    check_frequency TEXT COLLATE "C" NOT NULL,
    last_checked_at BIGINT,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    PRIMARY KEY (personnel_id, type)
);

CREATE TABLE background_checks (
    id                  BIGINT PRIMARY KEY,
    user_id             BIGINT NOT NULL REFERENCES users (id),
    status              TEXT COLLATE "C" NOT NULL,
    case_id             TEXT COLLATE "C",
    case_invitation_id  TEXT COLLATE "C",
    url                 TEXT COLLATE "C",
    manual_check_date   TEXT COLLATE "C",
    manually_check_url  TEXT COLLATE "C",
    type                TEXT COLLATE "C" NOT NULL,
    source              TEXT COLLATE "C",
    report_data         TEXT COLLATE "C",
    out_of_scope_reason TEXT COLLATE "C",
    out_of_scope_at     BIGINT,
    invitation_email    TEXT COLLATE "C",
    linked_at           BIGINT,
    created_at          BIGINT NOT NULL,
    updated_at          BIGINT NOT NULL
);
CREATE INDEX background_checks_by_user ON background_checks (user_id);

-- What is kept of a file here is its hash, under which its content is found.
CREATE TABLE documents (
    id           BIGINT PRIMARY KEY,
    user_id      BIGINT NOT NULL REFERENCES users (id),
    name         TEXT COLLATE "C" NOT NULL,
    type         TEXT COLLATE "C" NOT NULL,
    file_url     TEXT COLLATE "C",
    file_hash    TEXT COLLATE "C",
    file_name    TEXT COLLATE "C",
    media_type   TEXT COLLATE "C",
    file_size    BIGINT,
    completed_on TEXT COLLATE "C",
    renewal_date TEXT COLLATE "C",
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);
CREATE INDEX documents_by_user ON documents (user_id);
CREATE INDEX documents_by_file ON documents (file_hash);

CREATE TABLE trainings (
    id           BIGINT PRIMARY KEY,
    user_id      BIGINT NOT NULL REFERENCES users (id),
    type         TEXT COLLATE "C" NOT NULL,
    course       TEXT COLLATE "C" NOT NULL,
    course_key   TEXT COLLATE "C" NOT NULL,
    state        TEXT COLLATE "C" NOT NULL,
    assigned_at  BIGINT,
    completed_at BIGINT,
    source       TEXT COLLATE "C" NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX trainings_by_user ON trainings (user_id, type, course_key);

CREATE TABLE groups (
    id         BIGINT PRIMARY KEY,
    name       TEXT COLLATE "C" NOT NULL,
    name_key   TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX groups_by_name ON groups (name_key);

CREATE TABLE group_members (
    group_id     BIGINT NOT NULL REFERENCES groups (id),
    personnel_id BIGINT NOT NULL REFERENCES personnel (id),
    PRIMARY KEY (personnel_id, group_id)
);
CREATE INDEX group_members_by_group ON group_members (group_id, personnel_id);

CREATE TABLE policies (
    id          BIGINT PRIMARY KEY,
    name        TEXT COLLATE "C" NOT NULL,
    name_key    TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C",
    assigned_to TEXT COLLATE "C" NOT NULL,
    owner_id    BIGINT REFERENCES users (id),
    archived_at BIGINT,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX policies_by_name ON policies (name_key);

CREATE TABLE policy_versions (
    id           BIGINT PRIMARY KEY,
    policy_id    BIGINT NOT NULL REFERENCES policies (id),
    version      BIGINT NOT NULL,
    description  TEXT COLLATE "C",
    text         TEXT COLLATE "C",
    url          TEXT COLLATE "C",
    published_at BIGINT,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX policy_versions_by_policy ON policy_versions (policy_id, version);

CREATE TABLE policy_groups (
    policy_id BIGINT NOT NULL REFERENCES policies (id),
    group_id  BIGINT NOT NULL REFERENCES groups (id),
    PRIMARY KEY (policy_id, group_id)
);
CREATE INDEX policy_groups_by_group ON policy_groups (group_id);

CREATE TABLE acknowledgements (
    id              BIGINT PRIMARY KEY,
    user_id         BIGINT NOT NULL REFERENCES users (id),
    policy_id       BIGINT NOT NULL REFERENCES policies (id),
    version         BIGINT NOT NULL,
    acknowledged_at BIGINT NOT NULL,
    source          TEXT COLLATE "C" NOT NULL,
    created_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX acknowledgements_by_user ON acknowledgements (user_id, policy_id, version);

-- Of a person or of a group; checks has the names of the checks, with a space
-- between them.
CREATE TABLE exclusions (
    id           BIGINT PRIMARY KEY,
    personnel_id BIGINT REFERENCES personnel (id),
    group_id     BIGINT REFERENCES groups (id),
    checks       TEXT COLLATE "C" NOT NULL,
    reason       TEXT COLLATE "C" NOT NULL,
    starts_at    BIGINT NOT NULL,
    ends_at      BIGINT,
    actor        TEXT COLLATE "C" NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);
CREATE INDEX exclusions_by_personnel ON exclusions (personnel_id);
CREATE INDEX exclusions_by_group ON exclusions (group_id);

-- What counts as compliant; no row: the defaults.
CREATE TABLE rules (
    id         BIGINT PRIMARY KEY CHECK (id = 1),
    body       TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL
);

-- When the checks of a person were last made out from the facts, and when they
-- may come out otherwise although no fact changes. Not a fact, and not in the log.
CREATE TABLE assessments (
    personnel_id BIGINT PRIMARY KEY REFERENCES personnel (id),
    assessed_at  BIGINT,
    due_at       BIGINT
);
CREATE INDEX assessments_by_due ON assessments (due_at);

CREATE TABLE workspaces (
    id           BIGINT PRIMARY KEY,
    name         TEXT COLLATE "C" NOT NULL,
    description  TEXT COLLATE "C",
    how_it_works TEXT COLLATE "C",
    url          TEXT COLLATE "C",
    logo         TEXT COLLATE "C",
    is_primary   BIGINT NOT NULL
);

CREATE TABLE connections (
    id                   BIGINT PRIMARY KEY,
    client_type          TEXT COLLATE "C" NOT NULL,
    state                TEXT COLLATE "C" NOT NULL,
    state_reason         TEXT COLLATE "C",
    connected_at         BIGINT,
    failed_at            BIGINT,
    company_id           BIGINT,
    assignment_id        TEXT COLLATE "C",
    user_id              BIGINT REFERENCES users (id),
    account_id           TEXT COLLATE "C",
    client_id            TEXT COLLATE "C",
    client_id_key        TEXT COLLATE "C",
    client_alias         TEXT COLLATE "C",
    client_alias_key     TEXT COLLATE "C",
    manually_updated_at  BIGINT,
    alias_updated_at     BIGINT,
    deleted_at           BIGINT,
    write_access_enabled BIGINT NOT NULL,
    source_preference    TEXT COLLATE "C",
    security_label       TEXT COLLATE "C",
    jql_query            TEXT COLLATE "C",
    authorized           BIGINT NOT NULL,
    group_label          TEXT COLLATE "C",
    created_at           BIGINT NOT NULL,
    updated_at           BIGINT NOT NULL
);

CREATE TABLE connection_workspaces (
    connection_id BIGINT NOT NULL REFERENCES connections (id),
    workspace_id  BIGINT NOT NULL REFERENCES workspaces (id),
    PRIMARY KEY (connection_id, workspace_id)
);

CREATE TABLE identities (
    id              BIGINT PRIMARY KEY,
    user_id         BIGINT NOT NULL REFERENCES users (id),
    connection_id   BIGINT NOT NULL REFERENCES connections (id),
    identity_id     TEXT COLLATE "C" NOT NULL,
    username        TEXT COLLATE "C",
    email           TEXT COLLATE "C",
    secondary_email TEXT COLLATE "C",
    first_name      TEXT COLLATE "C",
    last_name       TEXT COLLATE "C",
    connected_at    BIGINT,
    disconnected_at BIGINT,
    has_mfa         BIGINT,
    has_idp         BIGINT NOT NULL,
    started_at      BIGINT,
    separated_at    BIGINT,
    is_contractor   BIGINT,
    job_title       TEXT COLLATE "C",
    manager_id      TEXT COLLATE "C",
    manager_name    TEXT COLLATE "C",
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);
CREATE INDEX identities_by_user ON identities (user_id);
CREATE UNIQUE INDEX identities_by_source ON identities (connection_id, identity_id);

CREATE TABLE source_records (
    connection_id BIGINT NOT NULL REFERENCES connections (id),
    external_id   TEXT COLLATE "C" NOT NULL,
    user_id       BIGINT NOT NULL REFERENCES users (id),
    facts         TEXT COLLATE "C" NOT NULL,
    observed_at   BIGINT NOT NULL,
    PRIMARY KEY (connection_id, external_id)
);
CREATE INDEX source_records_by_user ON source_records (user_id);

CREATE TABLE accounts (
    kind                       TEXT COLLATE "C" NOT NULL,
    id                         BIGINT NOT NULL,
    connection_id              BIGINT NOT NULL REFERENCES connections (id),
    identity_id                TEXT COLLATE "C" NOT NULL,
    identity_key               TEXT COLLATE "C" NOT NULL,
    username                   TEXT COLLATE "C",
    username_key               TEXT COLLATE "C",
    email                      TEXT COLLATE "C",
    email_key                  TEXT COLLATE "C",
    has_mfa                    BIGINT,
    user_id                    BIGINT REFERENCES users (id),
    connected_at               BIGINT,
    disconnected_at            BIGINT,
    service_account_at         BIGINT,
    service_account_reason     TEXT COLLATE "C",
    service_account_by_user_id BIGINT REFERENCES users (id),
    admin_access_at            BIGINT,
    db_access_at               BIGINT,
    write_access_at            BIGINT,
    push_prod_access_at        BIGINT,
    link_method                TEXT COLLATE "C",
    link_reason                TEXT COLLATE "C",
    last_checked_at            BIGINT,
    removed_at                 BIGINT,
    created_at                 BIGINT NOT NULL,
    updated_at                 BIGINT NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE UNIQUE INDEX accounts_by_source ON accounts (connection_id, identity_id);
CREATE INDEX accounts_by_user ON accounts (user_id);

CREATE TABLE devices (
    id                           BIGINT PRIMARY KEY,
    personnel_id                 BIGINT NOT NULL REFERENCES personnel (id),
    external_id                  TEXT COLLATE "C",
    os_version                   TEXT COLLATE "C",
    os_version_key               TEXT COLLATE "C",
    serial_number                TEXT COLLATE "C",
    serial_number_key            TEXT COLLATE "C",
    model                        TEXT COLLATE "C",
    mac_address                  TEXT COLLATE "C",
    mac_address_key              TEXT COLLATE "C",
    encryption_enabled           BIGINT,
    encryption_explanation       TEXT COLLATE "C",
    firewall_enabled             BIGINT,
    firewall_explanation         TEXT COLLATE "C",
    screen_lock_time             BIGINT,
    screen_lock_explanation      TEXT COLLATE "C",
    antivirus_enabled            BIGINT,
    antivirus_explanation        TEXT COLLATE "C",
    auto_update_enabled          BIGINT,
    auto_update_explanation      TEXT COLLATE "C",
    password_manager_enabled     BIGINT,
    password_manager_explanation TEXT COLLATE "C",
    location_services_enabled    BIGINT,
    agent_version                TEXT COLLATE "C",
    apps_count                   BIGINT,
    last_checked_at              BIGINT,
    source_type                  TEXT COLLATE "C" NOT NULL,
    created_at                   BIGINT NOT NULL,
    updated_at                   BIGINT NOT NULL,
    deleted_at                   BIGINT
);
CREATE INDEX devices_by_personnel ON devices (personnel_id);
CREATE INDEX devices_by_external ON devices (external_id);
CREATE INDEX devices_by_serial ON devices (serial_number_key);
CREATE INDEX devices_by_mac ON devices (mac_address_key);

CREATE TABLE device_checks (
    id              BIGINT PRIMARY KEY,
    device_id       BIGINT NOT NULL REFERENCES devices (id),
    type            TEXT COLLATE "C" NOT NULL,
    status          TEXT COLLATE "C" NOT NULL,
    completion_date BIGINT,
    expires_at      BIGINT,
    check_frequency TEXT COLLATE "C" NOT NULL,
    last_checked_at BIGINT,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX device_checks_by_device ON device_checks (device_id, type);

CREATE TABLE device_identifiers (
    id         BIGINT PRIMARY KEY,
    device_id  BIGINT NOT NULL REFERENCES devices (id),
    type       TEXT COLLATE "C" NOT NULL,
    identifier TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX device_identifiers_by_device ON device_identifiers (device_id);

CREATE TABLE device_documents (
    id         BIGINT PRIMARY KEY,
    device_id  BIGINT NOT NULL REFERENCES devices (id),
    type       TEXT COLLATE "C" NOT NULL,
    name       TEXT COLLATE "C" NOT NULL,
    file_url   TEXT COLLATE "C",
    file_hash  TEXT COLLATE "C",
    file_name  TEXT COLLATE "C",
    media_type TEXT COLLATE "C",
    file_size  BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX device_documents_by_device ON device_documents (device_id);
CREATE INDEX device_documents_by_file ON device_documents (file_hash);

CREATE TABLE device_apps (
    id        BIGINT PRIMARY KEY,
    device_id BIGINT NOT NULL REFERENCES devices (id),
    name      TEXT COLLATE "C" NOT NULL,
    version   TEXT COLLATE "C"
);
CREATE INDEX device_apps_by_device ON device_apps (device_id);

-- What the tables above say of a person, in one row, so that reading costs little:
-- the personnel record with pins, checks and devices, and the user with roles,
-- background checks, documents and identities. Each write of these renews it.
CREATE TABLE packs (
    personnel_id   BIGINT PRIMARY KEY REFERENCES personnel (id),
    user_id        BIGINT NOT NULL REFERENCES users (id),
    personnel_body BYTEA NOT NULL,
    user_body      BYTEA NOT NULL
) WITH (toast_tuple_target = 8160);
CREATE UNIQUE INDEX packs_by_user ON packs (user_id);
-- In the row and as it is: a second look-up or decompressing costs more than the
-- bytes.
ALTER TABLE packs ALTER COLUMN personnel_body SET STORAGE EXTERNAL;
ALTER TABLE packs ALTER COLUMN user_body SET STORAGE EXTERNAL;

CREATE TABLE api_keys (
    id           BIGINT PRIMARY KEY,
    name         TEXT COLLATE "C" NOT NULL,
    hint         TEXT COLLATE "C" NOT NULL,
    hash         BYTEA NOT NULL,
    owner_id     BIGINT REFERENCES users (id),
    scopes       TEXT COLLATE "C" NOT NULL,
    allow        TEXT COLLATE "C" NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT,
    revoked_at   BIGINT,
    last_used_at BIGINT
);
CREATE UNIQUE INDEX api_keys_by_hash ON api_keys (hash);

-- The change log. A row is never changed or deleted. The personal part of a
-- change is in change_payloads and may be erased: the chain covers its digest.
CREATE TABLE changes (
    seq        BIGINT PRIMARY KEY,
    at         BIGINT NOT NULL,
    actor      TEXT COLLATE "C" NOT NULL,
    cause      TEXT COLLATE "C" NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    subject    TEXT COLLATE "C" NOT NULL,
    subject_id BIGINT NOT NULL,
    digest     BYTEA NOT NULL,
    hash       BYTEA NOT NULL
);
CREATE INDEX changes_by_subject ON changes (subject, subject_id, seq);

CREATE TABLE change_payloads (
    seq        BIGINT PRIMARY KEY REFERENCES changes (seq),
    salt       BYTEA NOT NULL,
    before     TEXT COLLATE "C",
    after      TEXT COLLATE "C"
);

-- Whose personal data a payload holds.
CREATE TABLE change_people (
    user_id BIGINT NOT NULL,
    seq     BIGINT NOT NULL REFERENCES changes (seq),
    PRIMARY KEY (user_id, seq)
);

CREATE TABLE log_head (
    id   BIGINT PRIMARY KEY CHECK (id = 1),
    seq  BIGINT NOT NULL,
    hash BYTEA NOT NULL
);
