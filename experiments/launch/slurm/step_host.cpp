#include "experiments/launch/slurm/step_host.hpp"

#include "common/files/files.hpp"
#include "experiments/launch/slurm/join_folder.hpp"

namespace fedgram::experiments::slurm {

Call StepHost::coordinator(std::vector<std::string> arguments) const
{
    // A node's name may lead to its own loopback there, so that an address can't be listened on by name.
    arguments.insert(arguments.begin(), {"--listen", "0.0.0.0:0"});
    if (place_.trust == Trust::private_network) arguments.emplace_back("--insecure-listen");
    return step({"--nodelist=" + place_.node}, "fedgram-coordinator", arguments);
}

Call StepHost::client(std::vector<std::string> arguments) const { return step({}, "fedgram-client", arguments); }

std::string StepHost::address(const std::string& listened) const
{
    auto address = place_.address + listened.substr(listened.rfind(':'));
    files::write_file(place_.join / JoinFolder::address_file, address + "\n");
    return address;
}

Call StepHost::step(std::vector<std::string> options, const char* program,
                    const std::vector<std::string>& arguments) const
{
    Call call{place_.srun,
              {"--nodes=1", "--ntasks=1", "--exact", "--cpus-per-task=" + std::to_string(place_.cpus), "--input=none",
               "--quiet"}};
    call.arguments.insert(call.arguments.end(), options.begin(), options.end());
    call.arguments.push_back((place_.programs / program).string());
    call.arguments.insert(call.arguments.end(), arguments.begin(), arguments.end());
    if (place_.trust == Trust::certificates)
        call.arguments.insert(call.arguments.end(), {"--tls", place_.join.string()});
    else
        call.arguments.insert(call.arguments.end(),
                              {"--secret-file", (place_.join / JoinFolder::secret_file).string()});
    return call;
}

}  // namespace fedgram::experiments::slurm
