// Options of plugins that are no lookups, as the lookup `config` is asked for them: their names, defaults and where they
// are set are Ansible's.

import type { Value } from '../../model/value.ts';
import type { Declared, Option, OptionType } from '../options.ts';

/** The kinds of plugins that may be asked for. */
export const KINDS = [
  'become',
  'cache',
  'callback',
  'cliconf',
  'connection',
  'httpapi',
  'inventory',
  'lookup',
  'netconf',
  'shell',
  'vars',
];

/** An option by the variables, the names of the environment and the `section.key` of ansible.cfg that set it. */
function option(type: OptionType, fallback: Value, vars: string, env = '', ini = ''): Option {
  const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');
  return {
    type,
    default: fallback,
    vars: words(vars),
    env: words(env),
    ini: words(ini).map((place) => place.split('.') as [string, string]),
  };
}

/** By kind and name. */
export const PLUGINS: Readonly<Record<string, Readonly<Record<string, Declared>>>> = {
  connection: {
    ssh: {
      control_path: option(
        'str',
        null,
        'ansible_control_path',
        'ANSIBLE_SSH_CONTROL_PATH',
        'ssh_connection.control_path',
      ),
      control_path_dir: option(
        'str',
        '~/.ansible/cp',
        'ansible_control_path_dir',
        'ANSIBLE_SSH_CONTROL_PATH_DIR',
        'ssh_connection.control_path_dir',
      ),
      host: option('str', null, 'inventory_hostname ansible_host ansible_ssh_host'),
      host_key_checking: option(
        'bool',
        true,
        'ansible_host_key_checking ansible_ssh_host_key_checking',
        'ANSIBLE_HOST_KEY_CHECKING ANSIBLE_SSH_HOST_KEY_CHECKING',
        'defaults.host_key_checking ssh_connection.host_key_checking',
      ),
      password: option('str', null, 'ansible_password ansible_ssh_pass ansible_ssh_password'),
      password_mechanism: option(
        'str',
        'ssh_askpass',
        'ansible_ssh_password_mechanism',
        'ANSIBLE_SSH_PASSWORD_MECHANISM',
        'ssh_connection.password_mechanism',
      ),
      pipelining: option(
        'bool',
        false,
        'ansible_pipelining ansible_ssh_pipelining',
        'ANSIBLE_PIPELINING ANSIBLE_SSH_PIPELINING',
        'defaults.pipelining connection.pipelining ssh_connection.pipelining',
      ),
      pkcs11_provider: option(
        'str',
        '',
        'ansible_ssh_pkcs11_provider',
        'ANSIBLE_PKCS11_PROVIDER',
        'ssh_connection.pkcs11_provider',
      ),
      port: option('int', null, 'ansible_port ansible_ssh_port', 'ANSIBLE_REMOTE_PORT', 'defaults.remote_port'),
      private_key: option('str', null, 'ansible_private_key ansible_ssh_private_key', 'ANSIBLE_PRIVATE_KEY'),
      private_key_file: option(
        'str',
        null,
        'ansible_private_key_file ansible_ssh_private_key_file',
        'ANSIBLE_PRIVATE_KEY_FILE',
        'defaults.private_key_file',
      ),
      private_key_passphrase: option(
        'str',
        null,
        'ansible_private_key_passphrase ansible_ssh_private_key_passphrase',
        'ANSIBLE_PRIVATE_KEY_PASSPHRASE',
      ),
      reconnection_retries: option(
        'integer',
        0,
        'ansible_ssh_retries',
        'ANSIBLE_SSH_RETRIES',
        'connection.retries ssh_connection.retries',
      ),
      remote_user: option('str', null, 'ansible_user ansible_ssh_user', 'ANSIBLE_REMOTE_USER', 'defaults.remote_user'),
      scp_executable: option(
        'str',
        'scp',
        'ansible_scp_executable',
        'ANSIBLE_SCP_EXECUTABLE',
        'ssh_connection.scp_executable',
      ),
      scp_extra_args: option(
        'str',
        '',
        'ansible_scp_extra_args',
        'ANSIBLE_SCP_EXTRA_ARGS',
        'ssh_connection.scp_extra_args',
      ),
      sftp_batch_mode: option(
        'bool',
        true,
        'ansible_sftp_batch_mode',
        'ANSIBLE_SFTP_BATCH_MODE',
        'ssh_connection.sftp_batch_mode',
      ),
      sftp_executable: option(
        'str',
        'sftp',
        'ansible_sftp_executable',
        'ANSIBLE_SFTP_EXECUTABLE',
        'ssh_connection.sftp_executable',
      ),
      sftp_extra_args: option(
        'str',
        '',
        'ansible_sftp_extra_args',
        'ANSIBLE_SFTP_EXTRA_ARGS',
        'ssh_connection.sftp_extra_args',
      ),
      ssh_args: option(
        'str',
        '-C -o ControlMaster=auto -o ControlPersist=60s',
        'ansible_ssh_args',
        'ANSIBLE_SSH_ARGS',
        'ssh_connection.ssh_args',
      ),
      ssh_common_args: option(
        'str',
        '',
        'ansible_ssh_common_args',
        'ANSIBLE_SSH_COMMON_ARGS',
        'ssh_connection.ssh_common_args',
      ),
      ssh_executable: option(
        'str',
        'ssh',
        'ansible_ssh_executable',
        'ANSIBLE_SSH_EXECUTABLE',
        'ssh_connection.ssh_executable',
      ),
      ssh_extra_args: option(
        'str',
        '',
        'ansible_ssh_extra_args',
        'ANSIBLE_SSH_EXTRA_ARGS',
        'ssh_connection.ssh_extra_args',
      ),
      ssh_transfer_method: option(
        'str',
        'smart',
        'ansible_ssh_transfer_method',
        'ANSIBLE_SSH_TRANSFER_METHOD',
        'ssh_connection.transfer_method',
      ),
      sshpass_prompt: option(
        'str',
        '',
        'ansible_sshpass_prompt',
        'ANSIBLE_SSHPASS_PROMPT',
        'ssh_connection.sshpass_prompt',
      ),
      timeout: option(
        'integer',
        10,
        'ansible_ssh_timeout',
        'ANSIBLE_TIMEOUT ANSIBLE_SSH_TIMEOUT',
        'defaults.timeout ssh_connection.timeout',
      ),
      use_tty: option('bool', true, 'ansible_ssh_use_tty', 'ANSIBLE_SSH_USETTY', 'ssh_connection.usetty'),
      verbosity: option('int', 0, 'ansible_ssh_verbosity', 'ANSIBLE_SSH_VERBOSITY', 'ssh_connection.verbosity'),
    },
    local: {
      become_strip_preamble: option('bool', true, 'ansible_local_become_strip_preamble'),
      become_success_timeout: option('int', 10, 'ansible_local_become_success_timeout'),
      pipelining: option(
        'bool',
        false,
        'ansible_pipelining',
        'ANSIBLE_PIPELINING',
        'defaults.pipelining connection.pipelining',
      ),
    },
  },
  shell: {
    sh: {
      admin_users: option(
        'list',
        ['root', 'toor'],
        'ansible_admin_users',
        'ANSIBLE_ADMIN_USERS',
        'defaults.admin_users',
      ),
      async_dir: option('raw', '~/.ansible_async', 'ansible_async_dir', 'ANSIBLE_ASYNC_DIR', 'defaults.async_dir'),
      common_remote_group: option(
        'raw',
        null,
        'ansible_common_remote_group',
        'ANSIBLE_COMMON_REMOTE_GROUP',
        'defaults.common_remote_group',
      ),
      remote_tmp: option(
        'raw',
        '~/.ansible/tmp',
        'ansible_remote_tmp',
        'ANSIBLE_REMOTE_TEMP ANSIBLE_REMOTE_TMP',
        'defaults.remote_tmp',
      ),
      system_tmpdirs: option(
        'list',
        ['/var/tmp', '/tmp'],
        'ansible_system_tmpdirs',
        'ANSIBLE_SYSTEM_TMPDIRS',
        'defaults.system_tmpdirs',
      ),
      world_readable_temp: option(
        'bool',
        false,
        'ansible_shell_allow_world_readable_temp',
        'ANSIBLE_SHELL_ALLOW_WORLD_READABLE_TEMP',
        'defaults.allow_world_readable_tmpfiles',
      ),
    },
  },
  become: {
    sudo: {
      become_exe: option(
        'raw',
        'sudo',
        'ansible_become_exe ansible_sudo_exe',
        'ANSIBLE_BECOME_EXE ANSIBLE_SUDO_EXE',
        'privilege_escalation.become_exe sudo_become_plugin.executable',
      ),
      become_flags: option(
        'raw',
        '-H -S -n',
        'ansible_become_flags ansible_sudo_flags',
        'ANSIBLE_BECOME_FLAGS ANSIBLE_SUDO_FLAGS',
        'privilege_escalation.become_flags sudo_become_plugin.flags',
      ),
      become_pass: option(
        'raw',
        null,
        'ansible_become_password ansible_become_pass ansible_sudo_pass',
        'ANSIBLE_BECOME_PASS ANSIBLE_SUDO_PASS',
        'sudo_become_plugin.password',
      ),
      become_user: option(
        'raw',
        'root',
        'ansible_become_user ansible_sudo_user',
        'ANSIBLE_BECOME_USER ANSIBLE_SUDO_USER',
        'privilege_escalation.become_user sudo_become_plugin.user',
      ),
      sudo_chdir: option('str', null, 'ansible_sudo_chdir', 'ANSIBLE_SUDO_CHDIR', 'sudo_become_plugin.chdir'),
    },
    su: {
      become_exe: option(
        'raw',
        'su',
        'ansible_become_exe ansible_su_exe',
        'ANSIBLE_BECOME_EXE ANSIBLE_SU_EXE',
        'privilege_escalation.become_exe su_become_plugin.executable',
      ),
      become_flags: option(
        'raw',
        '',
        'ansible_become_flags ansible_su_flags',
        'ANSIBLE_BECOME_FLAGS ANSIBLE_SU_FLAGS',
        'privilege_escalation.become_flags su_become_plugin.flags',
      ),
      become_pass: option(
        'raw',
        null,
        'ansible_become_password ansible_become_pass ansible_su_pass',
        'ANSIBLE_BECOME_PASS ANSIBLE_SU_PASS',
        'su_become_plugin.password',
      ),
      become_user: option(
        'raw',
        'root',
        'ansible_become_user ansible_su_user',
        'ANSIBLE_BECOME_USER ANSIBLE_SU_USER',
        'privilege_escalation.become_user su_become_plugin.user',
      ),
      prompt_l10n: option(
        'list',
        [],
        'ansible_su_prompt_l10n',
        'ANSIBLE_SU_PROMPT_L10N',
        'su_become_plugin.localized_prompts',
      ),
    },
  },
  callback: {
    default: {
      check_mode_markers: option('bool', false, '', 'ANSIBLE_CHECK_MODE_MARKERS', 'defaults.check_mode_markers'),
      display_failed_stderr: option(
        'bool',
        false,
        '',
        'ANSIBLE_DISPLAY_FAILED_STDERR',
        'defaults.display_failed_stderr',
      ),
      display_ok_hosts: option('bool', true, '', 'ANSIBLE_DISPLAY_OK_HOSTS', 'defaults.display_ok_hosts'),
      display_skipped_hosts: option(
        'bool',
        true,
        '',
        'ANSIBLE_DISPLAY_SKIPPED_HOSTS',
        'defaults.display_skipped_hosts',
      ),
      pretty_results: option('bool', null, '', 'ANSIBLE_CALLBACK_FORMAT_PRETTY', 'defaults.callback_format_pretty'),
      result_format: option('str', 'json', '', 'ANSIBLE_CALLBACK_RESULT_FORMAT', 'defaults.callback_result_format'),
      show_custom_stats: option('bool', false, '', 'ANSIBLE_SHOW_CUSTOM_STATS', 'defaults.show_custom_stats'),
      show_per_host_start: option('bool', false, '', 'ANSIBLE_SHOW_PER_HOST_START', 'defaults.show_per_host_start'),
      show_task_path_on_failure: option(
        'bool',
        false,
        '',
        'ANSIBLE_SHOW_TASK_PATH_ON_FAILURE',
        'defaults.show_task_path_on_failure',
      ),
    },
  },
};
