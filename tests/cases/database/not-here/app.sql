create table staff (id uuid);
