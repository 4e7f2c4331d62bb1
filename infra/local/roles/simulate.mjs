// Judges requests by policies, by a simulator of IAM. It reads a list of jobs from its input and writes a list of
// their answers. A job has policies and cases; its answer lists the cases whose outcome is not the one wanted, and the
// cases that the simulator cannot judge. A job with `until` ends at the first of them.
//
// The first argument is the directory where the simulator is installed.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const { runSimulation } = createRequire(process.argv[2] + '/')('@cloud-copilot/iam-simulate')
const account = '123456789012'

async function judge(policies, { action, resource, context }) {
  const out = await runSimulation(
    {
      identityPolicies: policies,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      request: {
        action,
        principal: `arn:aws:iam::${account}:role/function`,
        resource: { resource, accountId: account },
        contextVariables: context ?? {}
      },
      // The key's policy hands all decisions on to the account's IAM, as the template's does.
      resourcePolicy: action.startsWith('kms:')
        ? {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' }
            ]
          }
        : undefined
    },
    {}
  )
  if (out.resultType === 'error') {
    return { trouble: JSON.stringify(out.errors) }
  }
  const ignored = out.result?.ignoredContextKeys ?? []
  if (ignored.length > 0) {
    return { trouble: `${action} has no condition keys ${ignored}` }
  }
  return { allowed: out.overallResult === 'Allowed' }
}

// The simulator knows the pattern kms:EncryptionContext:name and takes no key of it. So these keys get the names of tags
// of the caller, which every action has, in policies and requests alike.
const input = readFileSync(0, 'utf8').replaceAll('"kms:EncryptionContext:', '"aws:PrincipalTag/EncryptionContext-')

const answers = []
for (const job of JSON.parse(input)) {
  const wrong = []
  for (const [n, c] of job.cases.entries()) {
    const { allowed, trouble } = await judge(job.policies, c)
    if (trouble || allowed !== c.allowed) {
      wrong.push({ case: n, trouble })
      if (job.until) break
    }
  }
  answers.push(wrong)
}
process.stdout.write(JSON.stringify(answers))
