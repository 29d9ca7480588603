-- +goose Up
-- Times are Unix milliseconds, dates are 2006-01-02, booleans are 0 or 1,
-- absent is NULL. A column that ends in _key holds the folded form of another
-- and exists for searching and sorting only.

CREATE TABLE company (
    id                    INTEGER PRIMARY KEY CHECK (id = 1),
    name                  TEXT NOT NULL,
    domain                TEXT,
    plan                  TEXT NOT NULL,
    terms_accepted_at     INTEGER,
    time_zone             TEXT NOT NULL,
    agent_enabled         INTEGER NOT NULL,
    manual_upload_enabled INTEGER NOT NULL,
    demo                  INTEGER NOT NULL,
    created_at            INTEGER NOT NULL,
    updated_at            INTEGER NOT NULL
) STRICT;

-- Random bytes of this database: they sign cursors and sessions.
CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

-- The next number of each kind of record. A number is never given twice.
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    next INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
    id              INTEGER PRIMARY KEY,
    entry_id        TEXT NOT NULL,
    email           TEXT NOT NULL,
    email_key       TEXT NOT NULL,
    first_name      TEXT,
    first_key       TEXT,
    last_name       TEXT,
    last_key        TEXT,
    name_key        TEXT,
    job_title       TEXT,
    avatar_url      TEXT,
    terms_agreed_at INTEGER,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX users_by_email ON users (email_key);
CREATE INDEX users_by_created ON users (created_at, id);
CREATE INDEX users_by_updated ON users (updated_at, id);

CREATE TABLE user_roles (
    user_id INTEGER NOT NULL REFERENCES users (id),
    role    TEXT NOT NULL,
    PRIMARY KEY (user_id, role)
) STRICT;
CREATE INDEX user_roles_by_role ON user_roles (role, user_id);

CREATE TABLE personnel (
    id                 INTEGER PRIMARY KEY,
    user_id            INTEGER NOT NULL REFERENCES users (id),
    employment_status  TEXT NOT NULL,
    not_human_reason   TEXT,
    reason_provider_id INTEGER REFERENCES users (id),
    start_date         TEXT,
    separation_date    TEXT,
    status_updated_at  INTEGER,
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX personnel_by_user ON personnel (user_id);
CREATE INDEX personnel_by_status ON personnel (employment_status);

-- A field of a personnel record that a person set by hand.
CREATE TABLE pins (
    personnel_id INTEGER NOT NULL REFERENCES personnel (id),
    field        TEXT NOT NULL,
    actor        TEXT NOT NULL,
    reason       TEXT,
    at           INTEGER NOT NULL,
    PRIMARY KEY (personnel_id, field)
) STRICT;

CREATE TABLE checks (
    personnel_id    INTEGER NOT NULL REFERENCES personnel (id),
    type            TEXT NOT NULL,
    status          TEXT NOT NULL,
    completion_date INTEGER,
    expires_at      INTEGER,
    check_frequency TEXT NOT NULL,
    last_checked_at INTEGER,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    PRIMARY KEY (personnel_id, type)
) STRICT, WITHOUT ROWID;

CREATE TABLE background_checks (
    id                  INTEGER PRIMARY KEY,
    user_id             INTEGER NOT NULL REFERENCES users (id),
    status              TEXT NOT NULL,
    case_id             TEXT,
    case_invitation_id  TEXT,
    url                 TEXT,
    manual_check_date   TEXT,
    manually_check_url  TEXT,
    type                TEXT NOT NULL,
    source              TEXT,
    report_data         TEXT,
    out_of_scope_reason TEXT,
    out_of_scope_at     INTEGER,
    invitation_email    TEXT,
    linked_at           INTEGER,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL
) STRICT;
CREATE INDEX background_checks_by_user ON background_checks (user_id);

-- What is kept of a file here is its hash, under which its content is found.
CREATE TABLE documents (
    id           INTEGER PRIMARY KEY,
    user_id      INTEGER NOT NULL REFERENCES users (id),
    name         TEXT NOT NULL,
    type         TEXT NOT NULL,
    file_url     TEXT,
    file_hash    TEXT,
    file_name    TEXT,
    media_type   TEXT,
    file_size    INTEGER,
    completed_on TEXT,
    renewal_date TEXT,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX documents_by_user ON documents (user_id);
CREATE INDEX documents_by_file ON documents (file_hash);

CREATE TABLE trainings (
    id           INTEGER PRIMARY KEY,
    user_id      INTEGER NOT NULL REFERENCES users (id),
    type         TEXT NOT NULL,
    course       TEXT NOT NULL,
    course_key   TEXT NOT NULL,
    state        TEXT NOT NULL,
    assigned_at  INTEGER,
    completed_at INTEGER,
    source       TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX trainings_by_user ON trainings (user_id, type, course_key);

CREATE TABLE groups (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX groups_by_name ON groups (name_key);

CREATE TABLE group_members (
    group_id     INTEGER NOT NULL REFERENCES groups (id),
    personnel_id INTEGER NOT NULL REFERENCES personnel (id),
    PRIMARY KEY (personnel_id, group_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_members_by_group ON group_members (group_id, personnel_id);

CREATE TABLE policies (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    description TEXT,
    assigned_to TEXT NOT NULL,
    owner_id    INTEGER REFERENCES users (id),
    archived_at INTEGER,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX policies_by_name ON policies (name_key);

CREATE TABLE policy_versions (
    id           INTEGER PRIMARY KEY,
    policy_id    INTEGER NOT NULL REFERENCES policies (id),
    version      INTEGER NOT NULL,
    description  TEXT,
    text         TEXT,
    url          TEXT,
    published_at INTEGER,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX policy_versions_by_policy ON policy_versions (policy_id, version);

CREATE TABLE policy_groups (
    policy_id INTEGER NOT NULL REFERENCES policies (id),
    group_id  INTEGER NOT NULL REFERENCES groups (id),
    PRIMARY KEY (policy_id, group_id)
) STRICT;
CREATE INDEX policy_groups_by_group ON policy_groups (group_id);

CREATE TABLE acknowledgements (
    id              INTEGER PRIMARY KEY,
    user_id         INTEGER NOT NULL REFERENCES users (id),
    policy_id       INTEGER NOT NULL REFERENCES policies (id),
    version         INTEGER NOT NULL,
    acknowledged_at INTEGER NOT NULL,
    source          TEXT NOT NULL,
    created_at      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX acknowledgements_by_user ON acknowledgements (user_id, policy_id, version);

-- Of a person or of a group; checks has the names of the checks, with a space
-- between them.
CREATE TABLE exclusions (
    id           INTEGER PRIMARY KEY,
    personnel_id INTEGER REFERENCES personnel (id),
    group_id     INTEGER REFERENCES groups (id),
    checks       TEXT NOT NULL,
    reason       TEXT NOT NULL,
    starts_at    INTEGER NOT NULL,
    ends_at      INTEGER,
    actor        TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX exclusions_by_personnel ON exclusions (personnel_id);
CREATE INDEX exclusions_by_group ON exclusions (group_id);

-- What counts as compliant; no row: the defaults.
CREATE TABLE rules (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    body       TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- When the checks of a person were last made out from the facts, and when they
-- may come out otherwise although no fact changes. Not a fact, and not in the log.
CREATE TABLE assessments (
    personnel_id INTEGER PRIMARY KEY REFERENCES personnel (id),
    assessed_at  INTEGER,
    due_at       INTEGER
) STRICT;
CREATE INDEX assessments_by_due ON assessments (due_at);

CREATE TABLE workspaces (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL,
    description  TEXT,
    how_it_works TEXT,
    url          TEXT,
    logo         TEXT,
    is_primary   INTEGER NOT NULL
) STRICT;

CREATE TABLE connections (
    id                   INTEGER PRIMARY KEY,
    client_type          TEXT NOT NULL,
    state                TEXT NOT NULL,
    state_reason         TEXT,
    connected_at         INTEGER,
    failed_at            INTEGER,
    company_id           INTEGER,
    assignment_id        TEXT,
    user_id              INTEGER REFERENCES users (id),
    account_id           TEXT,
    client_id            TEXT,
    client_id_key        TEXT,
    client_alias         TEXT,
    client_alias_key     TEXT,
    manually_updated_at  INTEGER,
    alias_updated_at     INTEGER,
    deleted_at           INTEGER,
    write_access_enabled INTEGER NOT NULL,
    source_preference    TEXT,
    security_label       TEXT,
    jql_query            TEXT,
    authorized           INTEGER NOT NULL,
    group_label          TEXT,
    created_at           INTEGER NOT NULL,
    updated_at           INTEGER NOT NULL
) STRICT;

CREATE TABLE connection_workspaces (
    connection_id INTEGER NOT NULL REFERENCES connections (id),
    workspace_id  INTEGER NOT NULL REFERENCES workspaces (id),
    PRIMARY KEY (connection_id, workspace_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE identities (
    id              INTEGER PRIMARY KEY,
    user_id         INTEGER NOT NULL REFERENCES users (id),
    connection_id   INTEGER NOT NULL REFERENCES connections (id),
    identity_id     TEXT NOT NULL,
    username        TEXT,
    email           TEXT,
    secondary_email TEXT,
    first_name      TEXT,
    last_name       TEXT,
    connected_at    INTEGER,
    disconnected_at INTEGER,
    has_mfa         INTEGER,
    has_idp         INTEGER NOT NULL,
    started_at      INTEGER,
    separated_at    INTEGER,
    is_contractor   INTEGER,
    job_title       TEXT,
    manager_id      TEXT,
    manager_name    TEXT,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX identities_by_user ON identities (user_id);
CREATE UNIQUE INDEX identities_by_source ON identities (connection_id, identity_id);

CREATE TABLE source_records (
    connection_id INTEGER NOT NULL REFERENCES connections (id),
    external_id   TEXT NOT NULL,
    user_id       INTEGER NOT NULL REFERENCES users (id),
    facts         TEXT NOT NULL,
    observed_at   INTEGER NOT NULL,
    PRIMARY KEY (connection_id, external_id)
) STRICT;
CREATE INDEX source_records_by_user ON source_records (user_id);

CREATE TABLE accounts (
    kind                       TEXT NOT NULL,
    id                         INTEGER NOT NULL,
    connection_id              INTEGER NOT NULL REFERENCES connections (id),
    identity_id                TEXT NOT NULL,
    identity_key               TEXT NOT NULL,
    username                   TEXT,
    username_key               TEXT,
    email                      TEXT,
    email_key                  TEXT,
    has_mfa                    INTEGER,
    user_id                    INTEGER REFERENCES users (id),
    connected_at               INTEGER,
    disconnected_at            INTEGER,
    service_account_at         INTEGER,
    service_account_reason     TEXT,
    service_account_by_user_id INTEGER REFERENCES users (id),
    admin_access_at            INTEGER,
    db_access_at               INTEGER,
    write_access_at            INTEGER,
    push_prod_access_at        INTEGER,
    link_method                TEXT,
    link_reason                TEXT,
    last_checked_at            INTEGER,
    removed_at                 INTEGER,
    created_at                 INTEGER NOT NULL,
    updated_at                 INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX accounts_by_source ON accounts (connection_id, identity_id);
CREATE INDEX accounts_by_user ON accounts (user_id);

CREATE TABLE devices (
    id                           INTEGER PRIMARY KEY,
    personnel_id                 INTEGER NOT NULL REFERENCES personnel (id),
    external_id                  TEXT,
    os_version                   TEXT,
    os_version_key               TEXT,
    serial_number                TEXT,
    serial_number_key            TEXT,
    model                        TEXT,
    mac_address                  TEXT,
    mac_address_key              TEXT,
    encryption_enabled           INTEGER,
    encryption_explanation       TEXT,
    firewall_enabled             INTEGER,
    firewall_explanation         TEXT,
    screen_lock_time             INTEGER,
    screen_lock_explanation      TEXT,
    antivirus_enabled            INTEGER,
    antivirus_explanation        TEXT,
    auto_update_enabled          INTEGER,
    auto_update_explanation      TEXT,
    password_manager_enabled     INTEGER,
    password_manager_explanation TEXT,
    location_services_enabled    INTEGER,
    agent_version                TEXT,
    apps_count                   INTEGER,
    last_checked_at              INTEGER,
    source_type                  TEXT NOT NULL,
    created_at                   INTEGER NOT NULL,
    updated_at                   INTEGER NOT NULL,
    deleted_at                   INTEGER
) STRICT;
CREATE INDEX devices_by_personnel ON devices (personnel_id);
CREATE INDEX devices_by_external ON devices (external_id);
CREATE INDEX devices_by_serial ON devices (serial_number_key);
CREATE INDEX devices_by_mac ON devices (mac_address_key);

CREATE TABLE device_checks (
    id              INTEGER PRIMARY KEY,
    device_id       INTEGER NOT NULL REFERENCES devices (id),
    type            TEXT NOT NULL,
    status          TEXT NOT NULL,
    completion_date INTEGER,
    expires_at      INTEGER,
    check_frequency TEXT NOT NULL,
    last_checked_at INTEGER,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX device_checks_by_device ON device_checks (device_id, type);

CREATE TABLE device_identifiers (
    id         INTEGER PRIMARY KEY,
    device_id  INTEGER NOT NULL REFERENCES devices (id),
    type       TEXT NOT NULL,
    identifier TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX device_identifiers_by_device ON device_identifiers (device_id);

CREATE TABLE device_documents (
    id         INTEGER PRIMARY KEY,
    device_id  INTEGER NOT NULL REFERENCES devices (id),
    type       TEXT NOT NULL,
    name       TEXT NOT NULL,
    file_url   TEXT,
    file_hash  TEXT,
    file_name  TEXT,
    media_type TEXT,
    file_size  INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX device_documents_by_device ON device_documents (device_id);
CREATE INDEX device_documents_by_file ON device_documents (file_hash);

CREATE TABLE device_apps (
    id        INTEGER PRIMARY KEY,
    device_id INTEGER NOT NULL REFERENCES devices (id),
    name      TEXT NOT NULL,
    version   TEXT
) STRICT;
CREATE INDEX device_apps_by_device ON device_apps (device_id);

-- What the tables above say of a person, in one row, so that reading costs little:
-- the personnel record with pins, checks and devices, and the user with roles,
-- background checks, documents and identities. Each write of these renews it.
CREATE TABLE packs (
    personnel_id   INTEGER PRIMARY KEY REFERENCES personnel (id),
    user_id        INTEGER NOT NULL REFERENCES users (id),
    personnel_body BLOB NOT NULL,
    user_body      BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX packs_by_user ON packs (user_id);

CREATE TABLE api_keys (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL,
    hint         TEXT NOT NULL,
    hash         BLOB NOT NULL,
    owner_id     INTEGER REFERENCES users (id),
    scopes       TEXT NOT NULL,
    allow        TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    revoked_at   INTEGER,
    last_used_at INTEGER
) STRICT;
CREATE UNIQUE INDEX api_keys_by_hash ON api_keys (hash);

-- The change log. A row is never changed or deleted. The personal part of a
-- change is in change_payloads and may be erased: the chain covers its digest.
CREATE TABLE changes (
    seq        INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    actor      TEXT NOT NULL,
    cause      TEXT NOT NULL,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    digest     BLOB NOT NULL,
    hash       BLOB NOT NULL
) STRICT;
CREATE INDEX changes_by_subject ON changes (subject, subject_id, seq);

CREATE TABLE change_payloads (
    seq        INTEGER PRIMARY KEY REFERENCES changes (seq),
    salt       BLOB NOT NULL,
    before     TEXT,
    after      TEXT
) STRICT;

-- Whose personal data a payload holds.
CREATE TABLE change_people (
    user_id INTEGER NOT NULL,
    seq     INTEGER NOT NULL REFERENCES changes (seq),
    PRIMARY KEY (user_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE log_head (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    seq  INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;
