import { CfnOutput } from 'aws-cdk-lib'
import { DomainName, EndpointType, type RestApi, SecurityPolicy } from 'aws-cdk-lib/aws-apigateway'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { Construct } from 'constructs'
import type { OrgFile } from '../../orgs/org-file.ts'

export interface CustomDomainProps {
  readonly api: RestApi
  readonly customDomain: NonNullable<OrgFile['customDomain']>
}

/** The API under a name of its own, without the stage in its paths. The DNS record is the operator's to make. */
export class CustomDomain extends Construct {
  constructor(scope: Construct, id: string, { api, customDomain }: CustomDomainProps) {
    super(scope, id)
    const domain = new DomainName(this, 'Domain', {
      domainName: customDomain.domainName,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', customDomain.certificateArn),
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
    })
    domain.addBasePathMapping(api, { stage: api.deploymentStage })
    new CfnOutput(this, 'Target', {
      value: domain.domainNameAliasDomainName,
      description: `Point the DNS name ${customDomain.domainName} here (alias or CNAME)`,
    })
  }
}
