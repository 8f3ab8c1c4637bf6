-- Neovim 0.11 or newer: put this file into lsp/ of the configuration, then vim.lsp.enable('archplan').
-- Requirements and plans are YAML and Markdown files: the server starts only for files of the usual names.
return {
  cmd = { 'archplan', 'lsp', '--stdio' },
  filetypes = { 'yaml', 'markdown' },
  root_dir = function(buffer, found)
    local path = vim.api.nvim_buf_get_name(buffer)
    local name = vim.fn.fnamemodify(path, ':t')
    if name == 'req.yaml' or name:match('%.req%.yaml$') or name == 'TODO_backend-architect.md' then
      found(vim.fn.fnamemodify(path, ':p:h'))
    end
  end,
}
