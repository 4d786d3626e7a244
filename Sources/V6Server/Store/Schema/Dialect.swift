// SPDX-License-Identifier: Apache-2.0

/// The engine a statement of the schema is written for.
enum Dialect: Sendable {
    case sqlite
    case postgres
}
