#include "coordinator/run_folder.hpp"

#include <spdlog/fmt/chrono.h>
#include <spdlog/fmt/fmt.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

namespace fedgram::coordinator {

namespace {

[[noreturn]] void refuse(const std::filesystem::path& path)
{
    throw SystemError{path.string() + " can't be written: " + std::strerror(errno) +
                      "; free space there, or choose another --out"};
}

std::filesystem::path made(std::filesystem::path folder)
{
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        throw SystemError{folder.string() + " can't be made: " + error.message() + "; choose another --out"};
    return folder;
}

}  // namespace

RunFolder::LineFile::LineFile(std::filesystem::path path) : path_{std::move(path)}, stream_{path_, std::ios::app}
{
    if (!stream_)
        refuse(path_);
}

void RunFolder::LineFile::append(const std::string& lines)
{
    stream_ << lines << std::flush;
    if (!stream_)
        refuse(path_);
}

RunFolder::RunFolder(std::filesystem::path folder)
    : folder_{made(std::move(folder))},
      rounds_{folder_ / "rounds.jsonl"},
      ledger_{folder_ / "ledger.jsonl"},
      host_{folder_ / "host.jsonl"},
      events_{folder_ / "events.jsonl"}
{
}

void RunFolder::write(const std::string& name, std::string_view text) const
{
    const auto final_path = path(name);
    const auto temporary = path(name + ".tmp");
    std::ofstream stream{temporary, std::ios::trunc | std::ios::binary};
    stream << text << std::flush;
    if (!stream)
        refuse(temporary);
    stream.close();
    std::error_code error;
    std::filesystem::rename(temporary, final_path, error);
    if (error)
        refuse(final_path);
}

void RunFolder::write(const std::string& name, const nlohmann::ordered_json& json) const
{
    write(name, std::string_view{json.dump(2) + "\n"});
}

void RunFolder::append_round(const nlohmann::ordered_json& line) { rounds_.append(line.dump() + "\n"); }

void RunFolder::append_ledger(std::span<const energy::LedgerLine> lines)
{
    std::string text;
    for (const auto& line : lines)
        text += energy::to_json_line(line) + "\n";
    ledger_.append(text);
}

void RunFolder::append_host(std::span<const nlohmann::ordered_json> lines)
{
    std::string text;
    for (const auto& line : lines)
        text += line.dump() + "\n";
    host_.append(text);
}

void RunFolder::append_event(const std::string& what, nlohmann::ordered_json details)
{
    nlohmann::ordered_json line;
    const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    line["time"] = fmt::format("{:%FT%TZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
    line["event"] = what;
    line.update(details);
    events_.append(line.dump() + "\n");
}

}  // namespace fedgram::coordinator
