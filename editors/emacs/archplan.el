;;; archplan.el --- Language server of archplan for Eglot -*- lexical-binding: t; -*-

;; Emacs 29 or newer.  (load "archplan") and open req.yaml or TODO_backend-architect.md.

(require 'eglot)

(define-derived-mode archplan-requirements-mode conf-colon-mode "Requirements"
  "Requirements of archplan."
  (setq-local comment-start "# ")
  (setq-local indent-tabs-mode nil))

(define-derived-mode archplan-plan-mode text-mode "Plan"
  "A plan of archplan.")

(add-to-list 'auto-mode-alist '("\\(?:\\`\\|[/.]\\)req\\.yaml\\'" . archplan-requirements-mode))
(add-to-list 'auto-mode-alist '("TODO_backend-architect\\.md\\'" . archplan-plan-mode))

(add-to-list 'eglot-server-programs
             '(((archplan-requirements-mode :language-id "yaml")
                (archplan-plan-mode :language-id "markdown"))
               . ("archplan" "lsp" "--stdio")))

(add-hook 'archplan-requirements-mode-hook #'eglot-ensure)
(add-hook 'archplan-plan-mode-hook #'eglot-ensure)

(provide 'archplan)
;;; archplan.el ends here
