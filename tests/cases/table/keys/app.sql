create table tenants (id uuid, email text, amount integer check (amount >= 0));
create table pairs (a uuid, b uuid, primary key (a, b));
create table members (
  tenant_id uuid,
  parent_id uuid references tenants (id) on delete set null,
  other_id uuid references pairs (a),
  note text,
  primary key (tenant_id, other_id)
);
create index on_tenant on members (tenant_id, other_id);
create table logs (id integer primary key);
