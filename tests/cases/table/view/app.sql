create table tenants (id uuid);
create view report as select * from tenants;
