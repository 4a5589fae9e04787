-- A row for each ticket: names for codes and ids, typed times, how long it took by the clock and in business hours.
with ticket as (
    select
        tickets.*,
        {{ json_time('stats', 'first_responded_at') }} as first_responded_at,
        {{ json_time('stats', 'resolved_at') }} as resolved_at,
        {{ json_time('stats', 'closed_at') }} as closed_at,
        {{ json_time('stats', 'reopened_at') }} as reopened_at,
        -- A ticket may be closed without ever being resolved.
        coalesce({{ json_time('stats', 'resolved_at') }}, {{ json_time('stats', 'closed_at') }}) as solved_at
    from {{ source('freshdesk', 'tickets') }} as tickets
),

calendar as (
    select
        ticket.id,
        coalesce(of_group.business_hour_id, standard.id) as business_hour_id
    from ticket
    left join {{ source('freshdesk', 'groups') }} as of_group on of_group.id = ticket.group_id
    left join {{ source('freshdesk', 'business_hours') }} as standard on standard.is_default
),

business as (
    select
        ticket.id,
        {%- for name in ['first_responded_at', 'solved_at'] %}
        sum(
            case
                when ticket.{{ name }} > working_days.starts_at then
                    {{ seconds_between(
                        'greatest(ticket.created_at, working_days.starts_at)',
                        'greatest(least(ticket.' ~ name ~ ', working_days.ends_at), greatest(ticket.created_at, working_days.starts_at))'
                    ) }}
                else 0
            end
        ) as seconds_to_{{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from ticket
    inner join calendar on calendar.id = ticket.id
    inner join {{ ref('working_days') }} as working_days
        on working_days.business_hour_id = calendar.business_hour_id
        and working_days.ends_at > ticket.created_at
        and working_days.starts_at < greatest(
            coalesce(ticket.first_responded_at, ticket.created_at), coalesce(ticket.solved_at, ticket.created_at)
        )
    group by ticket.id
),

replies as (
    select ticket_id, sum(case when not incoming and not private then 1 else 0 end) as agent_replies
    from {{ ref('conversation_enriched') }}
    where is_current
    group by ticket_id
)

select
    ticket.id,
    ticket.subject,
    ticket.type,
    ticket.status,
    ticket.status_name,
    ticket.priority,
    ticket.priority_name,
    ticket.source,
    ticket.source_name,
    ticket.tags,
    ticket.deleted,
    ticket.spam,
    ticket.requester_id,
    {{ json_text('ticket.requester', 'name') }} as requester_name,
    ticket.responder_id as agent_id,
    {{ json_text('agents.contact', 'name') }} as agent_name,
    ticket.group_id,
    groups.name as group_name,
    ticket.company_id,
    companies.name as company_name,
    ticket.product_id,
    products.name as product_name,
    ticket.created_at,
    ticket.updated_at,
    ticket.first_responded_at,
    ticket.resolved_at,
    ticket.closed_at,
    ticket.reopened_at,
    ticket.solved_at,
    ticket.fr_due_by,
    ticket.due_by,
    ticket.fr_escalated,
    ticket.is_escalated,
    {{ seconds_between('ticket.created_at', 'ticket.first_responded_at') }} as first_response_seconds,
    case when ticket.first_responded_at is not null then coalesce(business.seconds_to_first_responded_at, 0) end
        as first_response_business_seconds,
    {{ seconds_between('ticket.created_at', 'ticket.solved_at') }} as resolution_seconds,
    case when ticket.solved_at is not null then coalesce(business.seconds_to_solved_at, 0) end
        as resolution_business_seconds,
    ticket.first_responded_at <= ticket.fr_due_by as is_answered_in_time,
    ticket.solved_at <= ticket.due_by as is_solved_in_time,
    ticket.solved_at is not null as is_solved,
    coalesce(replies.agent_replies, 0) as agent_replies,
    ticket.solved_at is not null and coalesce(replies.agent_replies, 0) = 1 and ticket.reopened_at is null as is_one_touch,
    ticket.reopened_at is not null as is_reopened
from ticket
left join business on business.id = ticket.id
left join replies on replies.ticket_id = ticket.id
left join {{ source('freshdesk', 'agents') }} as agents on agents.id = ticket.responder_id
left join {{ source('freshdesk', 'groups') }} as groups on groups.id = ticket.group_id
left join {{ source('freshdesk', 'companies') }} as companies on companies.id = ticket.company_id
left join {{ source('freshdesk', 'products') }} as products on products.id = ticket.product_id
