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

// `,"samples":`, and the first of a line with its brace.
std::array<std::string, ledger_keys.size()> key_texts()
{
    std::array<std::string, ledger_keys.size()> texts;
    for (std::size_t i = 0; i < texts.size(); ++i)
        texts[i] = (i == 0 ? "{\"" : ",\"") + std::string{ledger_keys[i]} + "\":";
    return texts;
}

void append_key(std::string& out, Key key)
{
    static const auto texts = key_texts();
    out += texts[static_cast<std::size_t>(key)];
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

void append_work(std::string& out, const LedgerLine& line)
{
    append_number(out, Key::samples, line.work.samples);
    append_number(out, Key::steps, line.work.steps);
    append_number(out, Key::flops, line.work.flops);
    append_number(out, Key::memory_bytes, line.work.memory_bytes);
    if (line.has_kernels) append_number(out, Key::kernels, line.work.kernels);
    append_number(out, Key::bytes_down, line.work.bytes_down);
    append_number(out, Key::bytes_up, line.work.bytes_up);
}

void append_energy(std::string& out, const LedgerLine& line)
{
    append_number(out, Key::seconds, line.seconds.count());
    append_number(out, Key::joules, line.joules.count());
}

void append_origin(std::string& out, const LedgerLine& line)
{
    append_text(out, Key::method, line.method);
    append_text(out, Key::boundary, line.boundary);
    append_text(out, Key::provenance, line.provenance);
    append_key(out, Key::wasted);
    out += line.wasted ? "true" : "false";
    if (line.lost) {
        append_key(out, Key::lost);
        out += "true";
    }
    out += '}';
}

// 0 and -0 are equal, and are written otherwise.
bool is_written_alike(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

bool have_same_work(const LedgerLine& a, const LedgerLine& b)
{
    return a.work == b.work && a.has_kernels == b.has_kernels;
}

bool have_same_energy(const LedgerLine& a, const LedgerLine& b)
{
    return is_written_alike(a.seconds.count(), b.seconds.count()) &&
           is_written_alike(a.joules.count(), b.joules.count());
}

bool have_same_origin(const LedgerLine& a, const LedgerLine& b)
{
    return a.wasted == b.wasted && a.lost == b.lost && a.provenance == b.provenance && a.boundary == b.boundary &&
           a.method == b.method;
}

}  // namespace

std::string to_json_line(const LedgerLine& line)
{
    std::string out;
    out.reserve(320);
    append_place(out, line);
    append_text(out, Key::phase, name(line.phase));
    append_work(out, line);
    append_energy(out, line);
    append_origin(out, line);
    return out;
}

void LedgerText::append(const LedgerLine& line)
{
    append_place(text_, line);
    auto& latest = latest_.at(static_cast<std::size_t>(line.phase));
    if (latest.work.empty() || !have_same_work(latest.line, line)) {
        latest.work.clear();
        append_text(latest.work, Key::phase, name(line.phase));
        append_work(latest.work, line);
        latest.line.work = line.work;
        latest.line.has_kernels = line.has_kernels;
    }
    if (latest.energy.empty() || !have_same_energy(latest.line, line)) {
        latest.energy.clear();
        append_energy(latest.energy, line);
        latest.line.seconds = line.seconds;
        latest.line.joules = line.joules;
    }
    if (latest.origin.empty() || !have_same_origin(latest.line, line)) {
        latest.origin.clear();
        append_origin(latest.origin, line);
        latest.origin += '\n';
        latest.line = line;
    }
    text_ += latest.work;
    text_ += latest.energy;
    text_ += latest.origin;
}

}  // namespace fedgram::run
