create table tenants (id text, name text, email integer);
