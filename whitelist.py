"""Names that no Python code of the product uses, and that are not dead all the same (`make lint` runs vulture)."""

# Used soon, or by tests on purpose.
_.statement_json  # what the API will send
_.statement_states  # the states of many statements, which tests compare with SQL

# Templates read them.
_.together
_.more_payers
_.more_subjects
_.is_rows
_.applied_cents
_.bars
_.billing_support_access
_.cron
_.earns
_.files
_.filtered
_.first_sync
_.height
_.q
_.run_as_of
_.run_cents
_.run_statements
_.select
_.settled_by
_.statement_line
_.summary
_.ticks
_.work
_.worker

# Django, Oscar, dj-stripe, procrastinate or the database reads or calls them by name: columns, hooks, arguments.
_.ADVANCE
_.ASSIGNMENT
_.BAR
_.CASH
_.CHEQUE
_.DedicatedChangeNote
_.FRESH
_.PortalSighting
_.RETURNED
_.SCHEDULED
_.SellerBasketMiddleware
_.SellerFlatpageMiddleware
_.ChangeNote
_.UsageDay
_._cleanup
_.add_event_trigger
_.auto_create_schema
_.bad_request
_.before_deletion
_.calls_made
_.check_verification_hash
_.diff
_.diff_headers
_.djstripe_validation_method
_.forbidden
_.get_basket_hash
_.get_cookie_basket
_.hard_declined
_.import_data
_.import_type
_.install
_.label_from_instance
_.line_ids
_.migrating_executor
_.not_found
_.noted_in
_.obj
_.object_repr
_.of_that_day
_.periodic_registry
_.run_lines
_.sender
_.settled_day
_.show
_.signal
_.sync_schema
_.ticket_sha256
_.total_rows
_.verification_hash
_.webhooks
_.value_from_datadict
_.value_omitted_from_data
_.renderer
_.id_for_label
_.id_
_.has_changed
_.filled_for
_.ForgottenNotes
_.output_field
_.as_sql
_.USER
_.OPTIONS
