#include "common/run/checkpoint.hpp"

#include <span>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/durable_file.hpp"
#include "common/files/files.hpp"
#include "common/run/damaged_file.hpp"
#include "common/run/sealed_file.hpp"
#include "common/spec/parse.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::run {

namespace {

using Json = nlohmann::ordered_json;
using spec::StrictObject;

constexpr SealedForm form{"FDGCKPT", '1', "checkpoint"};

constexpr const char* latest_name = "checkpoint.bin";
constexpr const char* previous_name = "checkpoint.previous.bin";

Json header_of(const Checkpoint& checkpoint)
{
    Json header;
    header["spec_sha256"] = checkpoint.spec_sha256;
    header["finished"] = Json::array();
    for (const auto& training : checkpoint.finished) header["finished"].push_back(to_json(training));
    header["ends"] = {
        {"rounds", checkpoint.ends.rounds}, {"ledger", checkpoint.ends.ledger}, {"host", checkpoint.ends.host}};
    if (!checkpoint.point) return header;
    const auto& [rounds, record, state] = *checkpoint.point;
    header["point"] = {
        {"rounds", rounds},
        {"record", {{"result", to_json(record.result)}, {"in_a_row", record.in_a_row}, {"reached", record.reached}}}};
    return header;
}

TrainingPoint parse_point(StrictObject object, std::string_view state)
{
    auto record = object.object("record");
    const auto bytes = std::as_bytes(std::span{state});
    return {object.whole_32("rounds"),
            {parse_training_summary(record.value("result"), record.path_of("result")), record.whole_32("in_a_row"),
             record.boolean("reached")},
            {bytes.begin(), bytes.end()}};
}

Checkpoint parse(const Json& header, std::string_view state, const std::string& where)
{
    StrictObject object{header, where};
    Checkpoint checkpoint;
    checkpoint.spec_sha256 = object.text("spec_sha256");
    const auto& finished = object.list("finished");
    for (std::size_t i = 0; i < finished.size(); ++i)
        checkpoint.finished.push_back(parse_training_summary(finished[i], object.path_of("finished", i)));
    auto ends = object.object("ends");
    checkpoint.ends = {ends.whole("rounds"), ends.whole("ledger"), ends.whole("host")};
    if (object.has("point")) checkpoint.point = parse_point(object.object("point"), state);
    return checkpoint;
}

Checkpoint read(const std::filesystem::path& path)
{
    const auto bytes = files::try_read_file(path);
    if (!bytes) throw DataError{path.string() + " can't be read"};
    return decode(*bytes, path.string());
}

}  // namespace

std::string encode(const Checkpoint& checkpoint)
{
    const std::vector<std::byte> none;
    const auto& state = checkpoint.point ? checkpoint.point->state : none;
    return seal(form, header_of(checkpoint).dump(), {reinterpret_cast<const char*>(state.data()), state.size()});
}

Checkpoint decode(std::string_view bytes, const std::string& where)
{
    const auto parts = unseal(form, bytes, where);
    return of_file(
        [&] { return parse(spec::parse_json_text(parts.header, where), parts.body, where + " is damaged: header"); });
}

void write_checkpoint(const std::filesystem::path& folder, const Checkpoint& checkpoint)
{
    const auto latest = folder / latest_name;
    std::error_code none_yet;
    const auto bytes = encode(checkpoint);
    auto temporary = folder / latest_name;
    temporary += ".tmp";
    files::write_durably(temporary, bytes);
    std::filesystem::rename(latest, folder / previous_name, none_yet);
    files::rename_durably(temporary, latest);
}

FoundCheckpoint find_checkpoint(const std::filesystem::path& folder)
{
    FoundCheckpoint found;
    for (const auto* name : {latest_name, previous_name}) {
        if (!std::filesystem::exists(folder / name)) continue;
        auto damage = damage_found([&] { found.checkpoint = read(folder / name); });
        if (!damage) break;
        found.damaged.push_back(*std::move(damage));
    }
    return found;
}

void drop_latest_checkpoint(const std::filesystem::path& folder)
{
    std::error_code ignored;
    std::filesystem::remove(folder / latest_name, ignored);
}

bool has_checkpoint(const std::filesystem::path& folder)
{
    return std::filesystem::exists(folder / latest_name) || std::filesystem::exists(folder / previous_name);
}

void remove_checkpoints(const std::filesystem::path& folder)
{
    std::error_code ignored;
    // The latest goes last: it alone knows that the run is whole.
    for (const auto* name : {previous_name, latest_name}) std::filesystem::remove(folder / name, ignored);
}

}  // namespace fedgram::run
