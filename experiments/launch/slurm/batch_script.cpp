#include "experiments/launch/slurm/batch_script.hpp"

#include "experiments/launch/slurm/shell_word.hpp"

namespace fedgram::experiments::slurm {

namespace {

/// A path for an option in which Slurm puts something in the place of "%j" and the like.
std::string without_patterns(const std::filesystem::path& path)
{
    std::string text;
    for (const char c : path.string()) text += c == '%' ? std::string{"%%"} : std::string{c};
    return text;
}

}  // namespace

std::string call_of(const Job& job, const std::filesystem::path& program)
{
    std::string call = shell_word(program.string());
    for (const auto& argument : job.arguments) call += " " + shell_word(argument);
    return call + " >>" + shell_word(job.log.string()) + " 2>&1";
}

std::string batch_script(const std::filesystem::path& folder)
{
    return "#!/bin/bash\n"
           "# A task of an array that `fedgram sweep --on slurm` has submitted: it carries out its line of the file\n"
           "# `calls`, and writes down how that ended.\n"
           "folder=" +
           shell_word(folder.string()) +
           R"script(
task=$SLURM_ARRAY_TASK_ID
# The folder may come late over a network.
for _ in {1..60}; do
    call=$(sed -n "$((task + 1))p" "$folder/calls") && [[ -n $call ]] && break
    sleep 1
done
[[ -n $call ]] || { echo "$SLURMD_NODENAME doesn't see $folder/calls: is it on a file system that all nodes have?" >&2; exit 1; }

# Slurm signals every process of a job that it ends, or, as `scancel --batch` does, this shell alone. A trap runs only
# while the shell waits for what runs in the background, not while it runs something itself.
run='' told=''
trap 'told=yes; [[ -z $run ]] || kill -TERM "$run" 2>/dev/null' TERM
eval "exec $call" &
run=$!
[[ -z $told ]] || kill -TERM "$run" 2>/dev/null
wait "$run"
code=$?
while kill -0 "$run" 2>/dev/null; do  # it was the trap that ended the wait
    wait "$run"
    code=$?
done

end=$folder/ends/$task
printf '{"exit_code": %d, "node": "%s", "job": "%s_%s", "restarts": %d}\n' "$code" "$SLURMD_NODENAME" \
    "$SLURM_ARRAY_JOB_ID" "$task" "${SLURM_RESTART_COUNT:-0}" >"$end.$SLURMD_NODENAME.$$" &&
    mv -f "$end.$SLURMD_NODENAME.$$" "$end"
exit "$code"
)script";
}

std::vector<std::string> sbatch_arguments(const ArrayOptions& options, const std::filesystem::path& folder)
{
    std::vector<std::string> arguments{"--nodes=1", "--ntasks=1", "--cpus-per-task=" + std::to_string(options.cpus),
                                       "--output=" + without_patterns(folder / output_file)};
    if (options.time) arguments.push_back("--time=" + *options.time);
    arguments.insert(arguments.end(), options.more.begin(), options.more.end());
    // Of an option that stands twice, sbatch takes the last.
    auto array = "--array=0-" + std::to_string(options.tasks - 1);
    if (options.at_once) array += "%" + std::to_string(*options.at_once);
    arguments.insert(arguments.end(),
                     {"--parsable", "--requeue", "--open-mode=append", "--job-name=" + options.name, std::move(array)});
    return arguments;
}

}  // namespace fedgram::experiments::slurm
