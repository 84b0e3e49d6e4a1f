# Skein's commands as make targets: include it behind your own targets, or copy it. GNU make 3.81 or newer (macOS has that).
#
#   SERVICE := user-service
#   include path/to/skein.mk
#
# SKEIN      the command (skein); SKEIN="npx skein" for one that is installed in the project
# SERVICE    the service, or several; empty: all of the workspace
# ENV        the environment; also SKEIN_ENV. Empty: base files only
# YES        down, goto and reset do not ask unless YES=no; clean and restore, which lose data, ask unless YES=yes
# SKEIN_DIR  the folder in which skein runs: that of the first Makefile
SKEIN ?= skein
SERVICE ?=
YES ?=
SKEIN_DIR ?= $(dir $(firstword $(MAKEFILE_LIST)))

# A shell's startup file is called ENV too: no environment has a slash in its name.
skein_env = $(or $(if $(findstring /,$(ENV)),,$(ENV)),$(SKEIN_ENV))
skein_env_option = $(if $(skein_env),--env $(skein_env))
# `new` puts files into an environment's folder only where that was said just now.
skein_new_option = $(if $(call skein_said,ENV),--env $(ENV))
skein_yes = $(if $(filter no,$(YES)),,--yes)
skein_sure = $(if $(filter yes y 1 true,$(YES)),--yes)
skein = $(if $(filter-out ./,$(SKEIN_DIR)),cd $(call skein_quoted,$(SKEIN_DIR)) && )$(SKEIN)
skein_quoted = '$(subst ','\'',$(1))'
# Some systems have variables of these names, and mean something else: only what was said to make counts.
skein_said = $(if $(filter environment%,$(origin $(1))),,$($(1)))
skein_needed = $(or $(call skein_said,$(1)),$(error say $(1), e.g. make $(2)))

.PHONY: help skein-help
.PHONY: db-migrate-up db-migrate-down db-migrate-status db-migrate-goto
.PHONY: db-migration-generate db-validate db-migration-deps db-backup db-restore
.PHONY: db-seed db-seed-enhanced db-clean db-tables db-counts db-schema
.PHONY: migrate-up migrate-down migrate-reset migrate-create

# Without a recipe of its own, so that yours may have one.
help: skein-help

skein-help: ## Show these commands
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "%-22s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

db-migrate-up: ## Run all pending migrations
	$(skein) up $(SERVICE) $(skein_env_option)

db-migrate-down: ## Rollback last migration
	$(skein) down $(SERVICE) $(skein_yes) $(skein_env_option)

db-migrate-status: ## Show migration status
	$(skein) status $(SERVICE) $(skein_env_option)

db-migrate-goto: ## Go to specific version: VERSION=000001
	$(skein) goto $(SERVICE) $(call skein_quoted,$(call skein_needed,VERSION,$@ VERSION=000001)) $(skein_yes) $(skein_env_option)

db-migration-generate: ## Generate new migration: NAME=feature TYPE=table
	$(skein) new $(SERVICE) --name $(call skein_quoted,$(call skein_needed,NAME,$@ NAME=feature TYPE=table)) $(if $(call skein_said,TYPE),--type $(call skein_quoted,$(TYPE))) $(skein_new_option)

db-validate: ## Validate migrations
	$(skein) validate $(SERVICE) $(skein_env_option)

db-migration-deps: ## Show dependencies
	$(skein) deps $(SERVICE) $(skein_env_option)

db-backup: ## Create backup
	$(skein) backup $(SERVICE) $(skein_env_option)

db-restore: ## Restore a backup: FILE=backup_file.sql
	$(skein) restore $(call skein_quoted,$(call skein_needed,FILE,$@ FILE=backup_file.sql)) $(skein_sure) $(skein_env_option)

db-seed: ## Basic seeding
	$(skein) seed $(SERVICE) $(skein_env_option)

db-seed-enhanced: ## Environment-specific seeding: ENV=development
	$(skein) seed $(SERVICE) --env $(or $(skein_env),$(error say ENV, e.g. make $@ ENV=development))

db-clean: ## Clean all data
	$(skein) clean $(SERVICE) $(skein_sure) $(skein_env_option)

db-tables: ## List tables
	$(skein) tables $(SERVICE) $(skein_env_option)

db-counts: ## Show row counts
	$(skein) counts $(SERVICE) $(skein_env_option)

db-schema: ## Show schema info
	$(skein) schema $(SERVICE) $(skein_env_option)

migrate-up: ## Run up migrations
	$(skein) up $(SERVICE) $(skein_env_option)

migrate-down: ## Rollback last migration
	$(skein) down $(SERVICE) $(skein_yes) $(skein_env_option)

migrate-reset: ## Reset database (down all, then up all)
	$(skein) reset $(SERVICE) $(skein_yes) $(skein_env_option)

migrate-create: ## Create new migration: name=add_products_table
	$(skein) new $(SERVICE) --name $(call skein_quoted,$(call skein_needed,name,$@ name=add_products_table)) $(skein_new_option)
