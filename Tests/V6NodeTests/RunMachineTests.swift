// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit
import V6TestSupport

@testable import V6Node

struct RunMachineTests {
    typealias Event = RunMachine.Event
    typealias Action = RunMachine.Action

    /// Feeds events and gives the actions.
    private func play(_ machine: inout RunMachine, _ events: [Event]) -> [Action?] {
        events.map { machine.handle($0) }
    }

    private static let toRunning: [Event] = [
        .admitted, .claimed, .prepared(image: "a@sha256:1"), .created(containerID: "c"), .started,
    ]

    @Test func aRunGoesFromTheQueueToItsEnd() {
        var machine = RunMachine()
        let actions = play(
            &machine, Self.toRunning + [.exited(code: 0), .collected(.completed, note: nil), .delivered, .cleaned])
        #expect(
            actions == [
                .claim, .prepare, .create, .start, .watch, .collect(exitCode: 0), .deliver, .clean, nil,
            ])
        #expect(machine.phase == .done)
        #expect(machine.outcome == .completed)
        #expect(machine.image == "a@sha256:1")
    }

    @Test func aRefusedStartIsTriedAgainAndThenAnswered() {
        var machine = RunMachine()
        _ = play(&machine, Array(Self.toRunning.dropLast()))
        for _ in 1..<RunMachine.startAttempts {
            #expect(machine.handle(.startRefused(note: "busy", final: false)) == .start)
        }
        #expect(machine.handle(.startRefused(note: "busy", final: false)) == .deliver)
        #expect(machine.outcome == .startFailed)
        #expect(machine.note == "busy")
    }

    @Test func aFinalRefusalIsNotTriedAgain() {
        var machine = RunMachine()
        _ = play(&machine, Array(Self.toRunning.dropLast()))
        #expect(machine.handle(.startRefused(note: "no such file", final: true)) == .deliver)
    }

    @Test(arguments: 0...5)
    func aKillRemovesTheContainersFirstAndAnswersThen(steps: Int) {
        var machine = RunMachine()
        _ = play(&machine, Array(Self.toRunning.prefix(steps)))
        #expect(machine.handle(.killRequested) == .kill)
        #expect(machine.handle(.killed) == .deliver)
        #expect(machine.outcome == .killed)
    }

    @Test func aKillAfterTheEndChangesNothing() {
        var machine = RunMachine()
        _ = play(&machine, Self.toRunning + [.exited(code: 0), .collected(.completed, note: nil)])
        #expect(machine.handle(.killRequested) == nil)
        #expect(machine.outcome == .completed)
    }

    @Test func aLateAnswerMovesNothingBackwards() {
        var machine = RunMachine()
        _ = play(&machine, Self.toRunning)
        #expect(machine.handle(.claimed) == nil)
        #expect(machine.handle(.prepared(image: "other")) == nil)
        #expect(machine.phase == .running)
        #expect(machine.image == "a@sha256:1")
    }

    /// What a new life of the node does, for each phase and each sighting of the container.
    @Test(arguments: [
        (RunPhase.creating, RunMachine.ContainerSighting.missing, RunPhase.creating, Action?.some(.create)),
        (.creating, .created, .creating, .create),
        (.creating, .running, .running, .watch),
        (.creating, .exited(code: 0), .collecting, .collect(exitCode: 0)),
        (.starting, .missing, .delivering, .deliver),
        (.starting, .created, .starting, .start),
        (.starting, .running, .running, .watch),
        (.starting, .exited(code: 3), .collecting, .collect(exitCode: 3)),
        (.running, .missing, .delivering, .deliver),
        (.running, .running, .running, .watch),
        (.running, .exited(code: 1), .collecting, .collect(exitCode: 1)),
        (.collecting, .missing, .delivering, .deliver),
        (.collecting, .exited(code: 0), .collecting, .collect(exitCode: 0)),
        (.killing, .running, .killing, .kill),
        (.delivering, .missing, .delivering, .deliver),
        (.cleaning, .running, .cleaning, .clean),
        (.queued, .missing, .queued, nil),
        (.claiming, .missing, .queued, nil),
        (.preparing, .missing, .queued, nil),
    ])
    func recovery(phase: RunPhase, sighting: RunMachine.ContainerSighting, next: RunPhase, action: Action?) {
        var machine = RunMachine(phase: phase, image: "a", containerID: nil, outcome: nil, note: nil)
        #expect(machine.handle(.recovered(sighting)) == action)
        #expect(machine.phase == next)
    }

    /// Whatever happens in whatever order, a container is never created once one can have been started, and an outcome that
    /// was decided stays.
    @Test(arguments: 0..<40)
    func noOrderOfEventsMakesARunExecuteTwice(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let events: [Event] = [
            .admitted, .claimed, .withdrawn, .prepared(image: "i"), .rejected(.failed, note: ""),
            .created(containerID: "c"),
            .started, .startRefused(note: "", final: false), .exited(code: 0), .vanished,
            .collected(.completed, note: nil),
            .killRequested, .killed, .delivered, .cleaned, .recovered(.missing), .recovered(.running),
            .recovered(.exited(code: 1)),
        ]
        for _ in 0..<200 {
            var machine = RunMachine()
            var mayHaveStarted = false
            var decided: RunStatus?
            for _ in 0..<60 {
                guard let event = events.randomElement(using: &random) else { break }
                let action = machine.handle(event)
                if action == .create { #expect(!mayHaveStarted, "created after \(event)") }
                if action == .start || action == .watch { mayHaveStarted = true }
                if let decided { #expect(machine.outcome == decided) }
                decided = machine.outcome
                if machine.phase == .done { #expect(action == nil) }
            }
        }
    }
}
