-- Reads a JSON list of Markdown texts, each apart, so that what one leaves open cannot swallow the next.
-- In place of a text whose parts stand too deep in one another stands a Div "too-deep": what reads the
-- result goes down into it, and could not come up again.
local DEEPEST = 20

local function rows_of(grid)
  local parts = {grid.head.rows, grid.foot.rows}
  for _, body in ipairs(grid.bodies) do
    parts[#parts + 1] = body.head
    parts[#parts + 1] = body.body
  end
  return parts
end

local function deeper(value, room)
  if type(value) == 'string' then return false end
  if room < 0 then return true end
  for _, part in ipairs(value) do
    local tag = part.t
    if tag == nil then
      if deeper(part, room) then return true end
    elseif tag == 'Table' then
      for _, rows in ipairs(rows_of(part)) do
        for _, row in ipairs(rows) do
          for _, cell in ipairs(row.cells) do
            if deeper(cell.contents, room - 1) then return true end
          end
        end
      end
    elseif tag ~= 'Str' and tag ~= 'Space' and tag ~= 'SoftBreak' then
      local content = part.content
      if content and deeper(content, room - 1) then return true end
    end
  end
  return false
end

function Reader(input)
  local blocks = pandoc.List()
  for _, text in ipairs(pandoc.json.decode(tostring(input), false)) do
    local read = pandoc.read(text, 'commonmark+pipe_tables+footnotes').blocks
    if deeper(read, DEEPEST) then
      read = pandoc.Blocks{pandoc.Div({}, {class = 'too-deep'})}
    end
    blocks:insert(pandoc.Div(read))
  end
  return pandoc.Pandoc(blocks)
end
