-- SPDX-License-Identifier: Apache-2.0
-- For wrk: sends the requests of a file in turn, and prints what came of them as JSON.
-- The file holds a method, a token, the name of a file with the body (or a blank line), then a path a line.

local requests, next_request = {}, 0

function init(arguments)
    local lines = {}
    for line in io.lines(arguments[1]) do lines[#lines + 1] = line end
    local headers = {["Host"] = "localhost"}
    if lines[2] ~= "" then headers["Authorization"] = "Bearer " .. lines[2] end
    local body
    if lines[3] ~= "" then
        body = assert(io.open(lines[3], "rb")):read("*a")
        headers["Content-Type"] = "application/json"
    end
    for index = 4, #lines do
        requests[#requests + 1] = wrk.format(lines[1], lines[index], headers, body)
    end
end

function request()
    next_request = next_request % #requests + 1
    return requests[next_request]
end

function done(summary, latency)
    io.write(string.format(
        '\n{"requests": %d, "seconds": %f, "refused": %d, "broken": %d, "p50": %f, "p99": %f}\n',
        summary.requests, summary.duration / 1e6, summary.errors.status,
        summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
        latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
