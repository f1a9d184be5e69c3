create table tenants (id uuid, name text);
