"""The data API of Supabase (PostgREST): its addresses and keys, answers, faults and queries."""
