--migrate:up foo:bar transaction:false
vacuum users;
--migrate:down
