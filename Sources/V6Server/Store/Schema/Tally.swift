// SPDX-License-Identifier: Apache-2.0

/// How many tasks and runs there are, by what most lists are narrowed to, kept in tables of our own.
///
/// Triggers keep the numbers right in the transaction of each change, whatever program makes it; so the length of a list
/// costs the same whatever it is. A run counts where its task is; one whose task is gone counts nowhere.
enum Tally {
    /// The tables: groups with their numbers, and how often rows left a place in between (``PageMarks``).
    static let tables = [
        """
        CREATE TABLE IF NOT EXISTS v6_task_count (collaboration_id INTEGER NOT NULL, organization_id INTEGER NOT NULL,
            number BIGINT NOT NULL, PRIMARY KEY (collaboration_id, organization_id))
        """,
        """
        CREATE TABLE IF NOT EXISTS v6_run_count (collaboration_id INTEGER NOT NULL, organization_id INTEGER NOT NULL,
            number BIGINT NOT NULL, PRIMARY KEY (collaboration_id, organization_id))
        """,
        "CREATE TABLE IF NOT EXISTS v6_shift (id INTEGER PRIMARY KEY NOT NULL, number BIGINT NOT NULL)",
        "INSERT INTO v6_shift (id, number) VALUES (1, 0) ON CONFLICT (id) DO NOTHING",
    ]

    /// A trigger on a table of 4.15.2, in words that both engines read.
    struct Trigger {
        let name: String
        /// Such as `AFTER INSERT ON run`.
        let occasion: String
        let statements: [String]
    }

    static let triggers = [
        Trigger(
            name: "v6_count_task_insert", occasion: "AFTER INSERT ON task",
            statements: [countTask("NEW", by: 1), countRuns(of: "NEW", by: 1)]),
        Trigger(
            name: "v6_count_task_delete", occasion: "BEFORE DELETE ON task",
            statements: [countTask("OLD", by: -1), countRuns(of: "OLD", by: -1), shift]),
        Trigger(
            name: "v6_count_task_update", occasion: "AFTER UPDATE OF collaboration_id, init_org_id ON task",
            statements: [
                countTask("OLD", by: -1), countRuns(of: "OLD", by: -1), countTask("NEW", by: 1),
                countRuns(of: "NEW", by: 1), shift,
            ]),
        Trigger(name: "v6_count_run_insert", occasion: "AFTER INSERT ON run", statements: [countRun("NEW", by: 1)]),
        Trigger(
            name: "v6_count_run_delete", occasion: "AFTER DELETE ON run", statements: [countRun("OLD", by: -1), shift]),
        Trigger(
            name: "v6_count_run_update", occasion: "AFTER UPDATE OF task_id, organization_id ON run",
            statements: [countRun("OLD", by: -1), countRun("NEW", by: 1), shift]),
        // Runs of organizations without a node are not listed.
        Trigger(name: "v6_count_node_insert", occasion: "AFTER INSERT ON node", statements: [shift]),
        Trigger(name: "v6_count_node_delete", occasion: "AFTER DELETE ON node", statements: [shift]),
        Trigger(
            name: "v6_count_node_update", occasion: "AFTER UPDATE OF organization_id ON node", statements: [shift]),
    ]

    /// Counts everything anew, for a database whose changes were not counted so far.
    static let recount = [
        "DELETE FROM v6_task_count",
        """
        INSERT INTO v6_task_count (collaboration_id, organization_id, number)
            SELECT coalesce(collaboration_id, 0), coalesce(init_org_id, 0), count(*) FROM task GROUP BY 1, 2
        """,
        "DELETE FROM v6_run_count",
        """
        INSERT INTO v6_run_count (collaboration_id, organization_id, number)
            SELECT coalesce(task.collaboration_id, 0), coalesce(run.organization_id, 0), count(*)
            FROM run JOIN task ON task.id = run.task_id GROUP BY 1, 2
        """,
        shift,
    ]

    private static let shift = "UPDATE v6_shift SET number = number + 1"

    private static func countTask(_ row: String, by step: Int) -> String {
        """
        INSERT INTO v6_task_count (collaboration_id, organization_id, number)
            VALUES (coalesce(\(row).collaboration_id, 0), coalesce(\(row).init_org_id, 0), \(step))
            ON CONFLICT (collaboration_id, organization_id)
            DO UPDATE SET number = v6_task_count.number + excluded.number
        """
    }

    private static func countRun(_ row: String, by step: Int) -> String {
        """
        INSERT INTO v6_run_count (collaboration_id, organization_id, number)
            SELECT coalesce(task.collaboration_id, 0), coalesce(\(row).organization_id, 0), \(step)
            FROM task WHERE task.id = \(row).task_id
            ON CONFLICT (collaboration_id, organization_id)
            DO UPDATE SET number = v6_run_count.number + excluded.number
        """
    }

    /// Counts the runs of a task that comes or goes.
    private static func countRuns(of row: String, by step: Int) -> String {
        """
        INSERT INTO v6_run_count (collaboration_id, organization_id, number)
            SELECT coalesce(\(row).collaboration_id, 0), coalesce(run.organization_id, 0), \(step) * count(*)
            FROM run WHERE run.task_id = \(row).id GROUP BY 2
            ON CONFLICT (collaboration_id, organization_id)
            DO UPDATE SET number = v6_run_count.number + excluded.number
        """
    }
}
