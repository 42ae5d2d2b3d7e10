#include "experiments/analyzing/analysis_folder.hpp"

#include <chrono>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/run/analysis_file.hpp"
#include "common/run/format_version.hpp"
#include "common/spec/strict_object.hpp"
#include "common/text/printable.hpp"
#include "experiments/analysis/journal.hpp"

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(const std::filesystem::path& folder, const std::string& why)
{
    throw SystemError{"--out: " + folder.string() + " " + why + "; choose another --out"};
}

/// What an analysis leaves that was killed before it had begun is nothing.
bool holds_nothing(const std::filesystem::path& folder)
{
    std::error_code error;
    std::filesystem::directory_iterator entry{folder, error};
    for (const std::filesystem::directory_iterator end; !error && entry != end; entry.increment(error))
        if (entry->path().filename() != run::FolderLock::file_name) return false;
    return !error;
}

std::filesystem::path made(std::filesystem::path folder)
{
    std::error_code error;
    const auto status = std::filesystem::status(folder, error);
    if (std::filesystem::exists(status) && !std::filesystem::is_directory(status))
        refuse(folder, "is there and no folder that an analysis can be kept in");
    const auto measurements = folder / run::measurements_file_name;
    const bool is_measured = std::filesystem::exists(measurements, error);
    if (!is_measured && run::is_whole_analysis(folder))
        throw DataError{measurements.string() +
                        " is missing, though the analysis was whole; put it back, or choose another --out"};
    if (std::filesystem::exists(status) && !is_measured && !holds_nothing(folder))
        refuse(folder, "is not empty and holds no analysis");
    std::filesystem::create_directories(folder, error);
    if (error) refuse(folder, "can't be made: " + error.message());
    return folder;
}

Json head_json(const AnalysisIdentity& identity)
{
    return {{"format", run::newest_analysis_format},
            {"subject", identity.subject},
            {"search", identity.search},
            {"goal", identity.goal}};
}

AnalysisIdentity parse_head(const Json& json, const std::string& path)
{
    spec::StrictObject object{json, path};
    run::check_format(object, "format", run::newest_analysis_format);
    AnalysisIdentity identity{object.text("subject"), object.text("search"), object.text("goal")};
    object.finish();
    return identity;
}

/// Whether somebody else has written it. A first line without an end is ours alone where it is a part of `first`.
bool is_foreign(const std::string& text, const std::string& first)
{
    return text.find('\n') == std::string::npos ? !first.starts_with(text) : !text.starts_with(R"({"format":)");
}

}  // namespace

AnalysisFolder::AnalysisFolder(std::filesystem::path folder, const AnalysisIdentity& identity)
    : folder_{made(std::move(folder))},
      lock_{folder_, std::chrono::milliseconds{0},
            "another analysis is at work in it; wait until it ends, or choose another --out"}
{
    take_up(identity);
}

void AnalysisFolder::take_up(const AnalysisIdentity& identity)
{
    const auto path = folder_ / run::measurements_file_name;
    const auto text = std::filesystem::exists(path) ? run::read_analysis_text(path) : std::string{};
    if (is_foreign(text, run::DigestedLines{}.next(head_json(identity))))
        throw DataError{path.string() + ":1: this is no line of fedgram analyze; choose another --out"};
    std::optional<AnalysisIdentity> head;
    const auto whole =
        lines_.read(text, text::printable(path.string()), [&](const Json& json, const std::string& place) {
            if (head)
                known_.push_back(analysis::entry_from_json(json, place));
            else
                head = parse_head(json, place);
        });
    if (head && head->subject != identity.subject)
        throw SpecError{"--out: " + folder_.string() +
                        " holds measurements of other models, devices or prices; choose another --out"};
    if (head && head->search != identity.search)
        throw SpecError{"--out: " + folder_.string() + " holds another analysis, " + head->goal +
                        ", or by other options; choose another --out"};
    file_.emplace(path);
    file_->cut_back(whole);
    if (!head) file_->append(lines_.next(head_json(identity)));
}

void AnalysisFolder::add(const analysis::JournalEntry& entry) { file_->append(lines_.next(analysis::to_json(entry))); }

void AnalysisFolder::finish(const AnalysisReport& report, std::span<const analysis::JournalEntry> entries) const
{
    files::write_file(folder_ / table_name, analysis_csv(report, entries));
    files::write_file(folder_ / figure_name, analysis_svg(report));
    files::write_file(folder_ / run::analysis_file_name, analysis_json_text(report));
}

}  // namespace fedgram::experiments
