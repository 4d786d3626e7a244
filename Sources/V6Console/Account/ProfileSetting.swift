// SPDX-License-Identifier: Apache-2.0

/// What a profile of `config.yaml` may say.
enum ProfileSetting: String, CaseIterable, Sendable {
    case url
    case apiPath = "api_path"
    case user
    case privateKey = "private_key"
    case collaboration
    case readOnly = "readonly"
    case colour

    var summary: String {
        switch self {
        case .url: "Address of the server, such as https://v6.example.org."
        case .apiPath: "Path of its API; /api when left out."
        case .user: "User name."
        case .privateKey: "File with the organization's private key, PEM; ~/ is your home."
        case .collaboration: "Name or number of the collaboration for commands that name none."
        case .readOnly: "Refuse every change."
        case .colour: "How its name looks in the header: colours and attributes, such as white on red."
        }
    }

    var isFlag: Bool { self == .readOnly }
}
