-- Reads a JSON list of Markdown texts, each apart, so that what one leaves open cannot swallow the next.
function Reader(input)
  local blocks = pandoc.List()
  for _, text in ipairs(pandoc.json.decode(tostring(input), false)) do
    blocks:insert(pandoc.Div(pandoc.read(text, 'commonmark+pipe_tables+footnotes').blocks))
  end
  return pandoc.Pandoc(blocks)
end
