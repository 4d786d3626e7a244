// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension TimelineScreen {
    /// Draws the map alone: with what its tasks come to at each organization, and the run that the cursor is on.
    func drawMap(on canvas: inout Canvas, in world: World) {
        let map = map(in: world)
        let column = mapColumn(map)
        let top = canvas.bounds.split(top: min(map.height, canvas.size.rows))
        canvas.region(top.top) { map.draw(chosen: (mapCursor.index, column), on: &$0, in: world) }
        var rest = top.rest
        let collaboration = world.federation.tasks[task]?.collaboration?.id
        let room = map.rows.count + 3
        // The run of the cell comes first: it needs a frame and at least four lines.
        if rest.rows >= room + 6, rest.columns >= 60 {
            let parts = rest.split(top: room)
            canvas.region(parts.top) { canvas in
                let note = map.tasks.count == 1 ? "1 task" : "\(map.tasks.count) tasks"
                canvas.box("These tasks by organization", note: note) { canvas in
                    map.drawFigures(collaboration: collaboration, row: mapCursor.index, on: &canvas, in: world)
                }
            }
            rest = parts.rest
        }
        guard rest.rows >= 3 else { return }
        canvas.region(rest) { drawCell(map, column: column, on: &$0, in: world) }
    }

    private func drawCell(_ map: FederationMap, column: Int, on canvas: inout Canvas, in world: World) {
        guard map.rows.indices.contains(mapCursor.index), map.tasks.indices.contains(column) else { return }
        let name = map.rows[mapCursor.index].name
        let run = map.run(row: mapCursor.index, column: column, in: world.federation).flatMap {
            world.federation.run($0)
        }
        guard let run else {
            let task = map.tasks[column]
            return canvas.box("\(name), task \(task)", note: "no run") { canvas in
                let words = "\(name) has no run of task \(task) \(world.federation.tasks[task]?.name ?? "")."
                canvas.text(words, row: 0, column: 1, role: .dim)
            }
        }
        let log = world.federation.logs[run.id]?.lines
        let isWide = canvas.size.columns >= 120 && log?.isEmpty == false
        let parts = canvas.bounds.split(left: isWide ? canvas.size.columns * 2 / 5 : canvas.size.columns)
        canvas.region(parts.left) { canvas in
            canvas.box("run \(run.id), \(name)", note: "enter opens it") { canvas in
                canvas.facts(FederationMap.facts(of: run, in: world))
            }
        }
        guard isWide, let log else { return }
        canvas.region(parts.rest) { canvas in
            canvas.box("Its log", note: "the end") { canvas in
                let shown = log.suffix(canvas.size.rows)
                for (row, line) in shown.enumerated() { canvas.text(line, row: row, column: 1) }
            }
        }
    }
}
