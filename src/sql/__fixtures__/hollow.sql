-- nothing to undo
/* really */
;;;
