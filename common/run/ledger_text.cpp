#include "common/run/ledger_text.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdint>
#include <string_view>

#include <nlohmann/json.hpp>

#include "common/run/ledger_keys.hpp"

namespace fedgram::run {

namespace {

using Key = LedgerKey;

void append_key(std::string& out, Key key)
{
    out += key == Key::training ? "{\"" : ",\"";
    out += ledger_keys[static_cast<std::size_t>(key)];
    out += "\":";
}

void append_text(std::string& out, Key key, std::string_view text)
{
    append_key(out, key);
    const auto needs_escape = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; };
    if (std::any_of(text.begin(), text.end(), needs_escape)) {
        out += nlohmann::json(text).dump();
        return;
    }
    out += '"';
    out += text;
    out += '"';
}

// The shortest digits that read back to the same number.
void append_number(std::string& out, Key key, auto value)
{
    append_key(out, key);
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), end);
}

// Training, node and round.
void append_place(std::string& out, const LedgerLine& line)
{
    append_text(out, Key::training, line.training);
    if (line.node)
        append_number(out, Key::node, *line.node);
    else
        append_text(out, Key::node, ledger_coordinator);
    append_number(out, Key::round, line.round);
}

// All that comes after them.
void append_rest(std::string& out, const LedgerLine& line)
{
    append_text(out, Key::phase, name(line.phase));
    append_number(out, Key::samples, line.work.samples);
    append_number(out, Key::steps, line.work.steps);
    append_number(out, Key::flops, line.work.flops);
    append_number(out, Key::memory_bytes, line.work.memory_bytes);
    if (line.has_kernels) append_number(out, Key::kernels, line.work.kernels);
    append_number(out, Key::bytes_down, line.work.bytes_down);
    append_number(out, Key::bytes_up, line.work.bytes_up);
    append_number(out, Key::seconds, line.seconds.count());
    append_number(out, Key::joules, line.joules.count());
    append_text(out, Key::method, line.method);
    append_text(out, Key::boundary, line.boundary);
    append_text(out, Key::provenance, line.provenance);
    append_key(out, Key::wasted);
    out += line.wasted ? "true}" : "false}";
}

// 0 and -0 are equal, and are written otherwise.
bool is_written_alike(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

// Whether two lines of one phase have the same text after their round.
bool have_same_rest(const LedgerLine& a, const LedgerLine& b)
{
    return a.work == b.work && is_written_alike(a.seconds.count(), b.seconds.count()) &&
           is_written_alike(a.joules.count(), b.joules.count()) && a.wasted == b.wasted &&
           a.has_kernels == b.has_kernels && a.provenance == b.provenance && a.boundary == b.boundary &&
           a.method == b.method;
}

}  // namespace

std::string to_json_line(const LedgerLine& line)
{
    std::string out;
    out.reserve(320);
    append_place(out, line);
    append_rest(out, line);
    return out;
}

void LedgerText::append(const LedgerLine& line)
{
    append_place(text_, line);
    auto& [latest, rest] = latest_.at(static_cast<std::size_t>(line.phase));
    if (rest.empty() || !have_same_rest(latest, line)) {
        latest = line;
        rest.clear();
        append_rest(rest, line);
        rest += '\n';
    }
    text_ += rest;
}

}  // namespace fedgram::run
