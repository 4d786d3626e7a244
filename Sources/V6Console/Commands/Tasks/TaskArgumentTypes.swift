// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension StoredFunction {
    /// Arguments of a command line made fit for this function: text becomes its type, what is wrong is told at once.
    ///
    /// - Parameter given: the arguments by name; only texts are converted.
    /// - Returns: the arguments in their types.
    /// - Throws: `ConsoleFailure` (rejected) with every fault.
    func typed(_ given: JSONObject) throws -> JSONObject {
        var typed = JSONObject()
        var faults: [String] = []
        for (name, value) in given {
            guard let argument = arguments.first(where: { $0.name == name }) else {
                faults.append("\(name): there is \(arguments.map(\.name).joined(separator: ", "))")
                continue
            }
            // A template leaves what is to be filled in empty.
            if value.isNull {
                if argument.isOptional { typed[name] = .null }
                continue
            }
            do {
                let text = value.stringValue ?? value.text()
                let fit = value.stringValue == nil && argument.type == .json ? value : try argument.type.value(of: text)
                let allowed = argument.allowedValues
                for one in fit.arrayValue ?? [fit] where !allowed.isEmpty {
                    if !allowed.contains(one.stringValue ?? one.text()) {
                        throw ArgumentType.Mismatch(description: "allowed are \(allowed.joined(separator: ", "))")
                    }
                }
                typed[name] = fit
            } catch {
                faults.append("\(name): \(error)")
            }
        }
        var values: [String: JSONValue] = [:]
        for (name, value) in typed { values[name] = value }
        for argument in applicable(values) where typed[argument.name] == nil && !argument.isOptional {
            if !argument.isForFormOnly { faults.append("\(argument.name): is needed (\(argument.type.title))") }
        }
        guard faults.isEmpty else {
            throw ConsoleFailure(
                .rejected, "The arguments do not fit \(self.name):\n  " + faults.joined(separator: "\n  "))
        }
        return typed
    }
}
