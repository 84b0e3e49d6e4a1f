--+goose Up
select 1; -- not the end; of anything
--+goose Down
