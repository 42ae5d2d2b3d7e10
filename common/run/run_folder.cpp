#include "common/run/run_folder.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/run/digest.hpp"
#include "common/run/event.hpp"
#include "common/run/node_state.hpp"
#include "common/run/spec_file.hpp"

namespace fedgram::run {

namespace {

std::filesystem::path made(std::filesystem::path folder)
{
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) throw SystemError{folder.string() + " can't be made: " + error.message() + "; choose another --out"};
    return folder;
}

std::string text_of(std::span<const LedgerLine> lines)
{
    LedgerText text;
    for (const auto& line : lines) text.append(line);
    return text.text();
}

/// Where the file's last whole line ends, so that the next one stands by itself. Whole lines end at `from`.
std::uint64_t whole_lines(const files::AppendFile& file, std::uint64_t from)
{
    return from + file.behind(from).rfind('\n') + 1;
}

}  // namespace

RunFolder::RunFolder(std::filesystem::path folder, std::chrono::milliseconds patience)
    : folder_{made(std::move(folder))},
      lock_{folder_, patience},
      rounds_{folder_ / "rounds.jsonl"},
      ledger_{folder_ / "ledger.jsonl"},
      host_{folder_ / "host.jsonl"},
      events_{folder_ / "events.jsonl"}
{
    events_.cut_back(whole_lines(events_, 0));
    if (ledger_.size() == 0) ledger_work_.emplace();
}

void RunFolder::write(const std::string& name, std::string_view text) const
{
    const auto temporary = path(name + ".tmp");
    files::write_durably(temporary, text);
    files::rename_durably(temporary, path(name));
}

void RunFolder::write(const spec::Experiment& experiment) const { write("spec.json", spec_text(experiment)); }

void RunFolder::write(const RunSummary& summary) const { write("summary.json", to_json(summary).dump(2) + "\n"); }

void RunFolder::write(const Processes& processes) const { write("processes.json", to_json(processes).dump(2) + "\n"); }

void RunFolder::write(const RunProgress& progress) const
{
    files::write_file(path("progress.json"), to_json(progress).dump(2) + "\n");
}

void RunFolder::remove_progress() const
{
    std::error_code none;
    std::filesystem::remove(path("progress.json"), none);
}

void RunFolder::remove_node_state() const
{
    std::error_code stays;
    std::filesystem::remove_all(path(node_state_folder), stays);
}

void RunFolder::append(const RoundLine& line) { rounds_.append(to_json_line(line) + "\n"); }

void RunFolder::append_ledger(std::span<const LedgerLine> lines)
{
    append_lines([&](const auto& take) {
        for (const auto& line : lines) take(line);
    });
    add_up(lines);
}

void RunFolder::append_ledger(const LedgerRound& round, std::span<const LedgerLine> own)
{
    append_lines([&](const auto& take) {
        for_each_line(round, take);
        for (const auto& line : own) take(line);
    });
    if (ledger_work_) ledger_work_->add(round);
    add_up(own);
}

// In pieces that stay in the processor's cache: to touch as much memory as a round's text has takes longer than to make
// the text.
template <class ForEachLine>
void RunFolder::append_lines(ForEachLine for_each)
{
    constexpr std::size_t piece = 65'536;
    const auto before = ledger_.size();
    const auto write = [&] {
        ledger_.append(ledger_text_.text());
        ledger_text_.clear();
    };
    try {
        for_each([&](const LedgerLine& line) {
            ledger_text_.append(line);
            if (ledger_text_.text().size() >= piece) write();
        });
        write();
    } catch (...) {
        ledger_text_.clear();
        if (ledger_.size() > before) ledger_.cut_back(before);  // all of it or nothing
        throw;
    }
}

void RunFolder::add_up(std::span<const LedgerLine> lines)
{
    if (!ledger_work_) return;
    for (const auto& line : lines) ledger_work_->add(line);
}

void RunFolder::write_digest()
{
    if (ledger_work_) {
        run::write_digest(folder_, std::exchange(ledger_work_, std::nullopt)->finish());
        return;
    }
    remove_digest(folder_);
    WholeLedger ledger;
    try {
        ledger = read_ledger_work(folder_, LastLine::is_whole);
    } catch (const Error&) {
        return;
    }
    if (ledger.kernels == Kernels::counted) run::write_digest(folder_, std::move(ledger.work));
}

void RunFolder::append_host(std::span<const HostLine> lines)
{
    std::string text;
    for (const auto& line : lines) text += to_json_line(line) + "\n";
    host_.append(text);
}

void RunFolder::append_event(const std::string& name, nlohmann::ordered_json details)
{
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    events_.append(to_json_line(Event{now, name, std::move(details)}) + "\n");
}

FileEnds RunFolder::synced_ends()
{
    for (auto* file : {&rounds_, &ledger_, &host_}) file->sync();
    return {rounds_.size(), ledger_.size(), host_.size()};
}

std::vector<HostLine> RunFolder::host_lines() const { return parse_host_lines(host_.behind(0)).lines; }

bool RunFolder::used() const
{
    return rounds_.size() + ledger_.size() + host_.size() + events_.size() > 0 ||
           std::filesystem::exists(path("summary.json")) || has_checkpoint(folder_);
}

RunFolder::Tails RunFolder::behind(const FileEnds& ends) const
{
    static_cast<void>(rounds_.behind(ends.rounds));
    return {ledger_.behind(ends.ledger), host_.behind(ends.host)};
}

void RunFolder::cut_back(const FileEnds& ends, std::span<const LedgerLine> lost)
{
    ledger_work_.reset();
    rounds_.cut_back(ends.rounds);
    ledger_.replace_behind(ends.ledger, text_of(lost));
    host_.cut_back(whole_lines(host_, ends.host));
}

}  // namespace fedgram::run
